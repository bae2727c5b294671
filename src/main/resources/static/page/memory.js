// Data that the page stores for the next visit. If the browser forbids that, nothing is stored.

export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(`hello-stream.${name}`)) ?? {};
  } catch {
    return {};
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`hello-stream.${name}`, JSON.stringify(value));
  } catch {
    // Forbidden or full: the page works without it.
  }
}
