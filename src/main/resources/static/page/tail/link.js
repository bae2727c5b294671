// The part of the address after #: the message whose details are shown, and the filter.

/** An address, from # on. */
export function linkTo(parts) {
  const given = Object.entries(parts).filter(([, value]) => value);
  return `#${new URLSearchParams(given)}`;
}

/** The parts of the address, or nothing if it refers to an element of the page. */
export function linked() {
  const hash = location.hash.slice(1);
  if (hash && !hash.includes('=')) {
    return undefined;
  }
  const parts = new URLSearchParams(hash);
  return { id: parts.get('id') ?? '', text: parts.get('text') ?? '', type: parts.get('type') ?? '' };
}

/** Update the address, without a new entry in the browser's history. */
export function keep(parts) {
  const link = linkTo(parts);
  if (link !== (location.hash || '#')) {
    history.replaceState(null, '', link === '#' ? location.pathname : link);
  }
}
