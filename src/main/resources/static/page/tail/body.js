// A readable body: JSON as a collapsible tree, text as text, bytes as a hex dump. The first view is bounded; a button shows more.

import { exact } from '../exact.js';
import { button, element, marked } from './dom.js';
import { number, size } from './format.js';
import { hexBlocks, HEX_BYTES } from './hex.js';
import { jsonTree } from './json.js';
import { slices } from './slices.js';

const FIRST_VIEW = 16 * 1024;
const MOST_FORMATTED = 64 * 1024;

/** The views of the body of an entry by name, the best one first. */
export function bodyView(entry, pattern) {
  if (entry.encoding === 'base64') {
    return { Hex: () => hex(entry) };
  }
  const text = () => inBlocks(textBlocks(entry.body, pattern), entry.body.length, 'characters');
  const json = () => tree(entry.body, pattern);
  if (!looksLikeJson(entry)) {
    return { Text: text };
  }
  return entry.body.length <= MOST_FORMATTED ? { JSON: json, Text: text } : { Text: text, JSON: json };
}

function looksLikeJson({ contentType = '', body }) {
  return /\bjson\b/i.test(contentType) || /^\s*[[{]/.test(body);
}

function tree(body, pattern) {
  let value;
  try {
    value = exact(body);
  } catch ({ message }) {
    return element('div', 'blocks', element('p', 'hint', `This is not JSON: ${message}`), element('pre', '', body.slice(0, FIRST_VIEW)));
  }
  return jsonTree(value, pattern);
}

function hex(entry) {
  const whole = size(entry);
  return inBlocks(hexBlocks(entry.body), whole, 'bytes', Math.ceil(FIRST_VIEW / 4 / HEX_BYTES));
}

function* textBlocks(body, pattern) {
  for (let from = 0; from < body.length;) {
    const to = blockEnd(body, from + FIRST_VIEW);
    const block = element('pre', '', ...marked(body.slice(from, to), pattern));
    block.dir = 'auto';
    yield block;
    from = to;
  }
}

/** The end of a line if one is near, and never the middle of a surrogate pair. */
function blockEnd(body, to) {
  const line = body.lastIndexOf('\n', to) + 1;
  if (to >= body.length || line > to - FIRST_VIEW / 2) {
    return to >= body.length ? body.length : line;
  }
  return /[\uDC00-\uDFFF]/.test(body[to]) ? to + 1 : to;
}

/** The first blocks, and a button that adds all others: a few at a time, and laid out only where they are visible. */
function inBlocks(blocks, length, unit, first = 1) {
  const view = element('div', 'blocks');
  for (let i = 0; i < first; i += 1) {
    const { value, done } = blocks.next();
    if (done) {
      return view;
    }
    view.append(value);
  }
  const second = blocks.next();
  if (second.done) {
    return view;
  }
  const more = button(`Show all ${number(length)} ${unit}`, () => {
    more.remove();
    view.append(second.value);
    slices().run(() => {
      const { value, done } = blocks.next();
      if (!done) {
        view.append(value);
      }
      return !done;
    }, () => {});
  });
  view.append(more);
  return view;
}
