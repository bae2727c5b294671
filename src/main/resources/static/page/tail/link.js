// What the address says after #: the message whose details are shown, and the filter.

/** An address, from # on. */
export function linkTo(parts) {
  const given = Object.entries(parts).filter(([, value]) => value);
  return `#${new URLSearchParams(given)}`;
}

/** The parts of the address, or nothing if it names another place of the page. */
export function linked() {
  const hash = location.hash.slice(1);
  if (hash && !hash.includes('=')) {
    return undefined;
  }
  const parts = new URLSearchParams(hash);
  return { id: parts.get('id') ?? '', text: parts.get('text') ?? '', type: parts.get('type') ?? '' };
}

/** Keep the address as it is on the page, without a step in the history for each. */
export function keep(parts) {
  const link = linkTo(parts);
  if (link !== (location.hash || '#')) {
    history.replaceState(null, '', link === '#' ? location.pathname : link);
  }
}
