// What the page remembers of the last visit. Where the browser forbids that, nothing is remembered.

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
    // Forbidden or full: the page works without.
  }
}
