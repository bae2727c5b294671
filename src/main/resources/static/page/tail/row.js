// One row of the list, always of the same height, whatever the message contains.

import { element, marked } from './dom.js';
import { bytes, offset, size, time } from './format.js';
import { typeOf } from './matches.js';

const EXCERPT = 160;
const BEFORE_MATCH = 24;

/** An empty row, to be filled repeatedly. */
export function emptyRow() {
  const row = element('div', 'message');
  row.setAttribute('role', 'option');
  return row;
}

export function fill(row, entry, { pattern, timeWay }) {
  row.classList.toggle('gap', Boolean(entry?.gap));
  if (!entry) {
    row.replaceChildren(element('span', 'excerpt', 'No longer kept on this page.'));
  } else if (entry.gap) {
    row.replaceChildren(element('span', 'excerpt', gapSentence(entry.gap)));
  } else {
    const at = element('time', '', time(entry.receivedAt, timeWay));
    at.dateTime = entry.receivedAt;
    const text = element('span', 'excerpt', ...excerpt(entry, pattern));
    text.dir = 'auto';
    row.replaceChildren(at, text, element('span', 'type', typeOf(entry)), element('span', 'size', bytes(size(entry))),
      element('span', 'position', ...marked(entry.id, pattern)));
  }
}

export function fillTime(row, timeWay) {
  const at = row.querySelector('time');
  if (at) {
    at.textContent = time(at.dateTime, timeWay);
  }
}

export function gapSentence({ asked, first }) {
  if (first && offset(asked) >= offset(first)) {
    return `Messages may be missing here: ${asked} was requested, but is not in this log, which begins at ${first}.`;
  }
  const place = first ? `the log now begins at ${first}` : 'the log has no entries after it';
  return `Messages are missing here: ${asked} was requested, but ${place}.`;
}

function excerpt({ encoding, body }, pattern) {
  if (encoding === 'base64') {
    const head = Uint8Array.from(atob(body.slice(0, 64)), (char) => char.charCodeAt(0));
    return [element('span', 'binary', Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join(' '))];
  }
  const from = pattern ? start(body, pattern) : 0;
  const text = body.slice(from, from + EXCERPT).replace(/[\s\p{Cc}]+/gu, ' ');
  return [from > 0 ? '… ' : '', ...marked(text, pattern)];
}

/** The start of an excerpt that shows the first match. */
function start(body, pattern) {
  pattern.lastIndex = 0;
  const match = pattern.exec(body);
  return match && match.index > 2 * BEFORE_MATCH ? match.index - BEFORE_MATCH : 0;
}
