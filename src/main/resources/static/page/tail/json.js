// JSON as a collapsible tree. Children are created when they are first shown, some at a time.

import { Written } from '../exact.js';
import { button, element, marked } from './dom.js';
import { count } from './format.js';

const AT_A_TIME = 100;
const OPEN_DEPTH = 2;
const MOST_TEXT = 10_000;

export function jsonTree(value, pattern) {
  return element('div', 'json', node([], value, pattern, 0));
}

function node(label, value, pattern, depth) {
  if (value === null || typeof value !== 'object' || value instanceof Written) {
    return element('div', 'leaf', ...label, leaf(value, pattern));
  }
  const members = Array.isArray(value) ? value.map((member) => [undefined, member]) : Object.entries(value);
  const [open, close, one, many] = Array.isArray(value) ? ['[', ']', 'element', 'elements'] : ['{', '}', 'member', 'members'];
  if (members.length === 0) {
    return element('div', 'leaf', ...label, open + close);
  }
  const summary = element('summary', '', ...label, open, element('span', 'folded', ` ${count(members.length, one, many)} ${close}`));
  const fold = element('details', '', summary);
  const unfold = () => fold.append(...children(members, pattern, depth + 1), element('div', 'closing', close));
  if (depth < OPEN_DEPTH) {
    fold.open = true;
    unfold();
  } else {
    fold.addEventListener('toggle', unfold, { once: true });
  }
  return fold;
}

function children(members, pattern, depth, from = 0) {
  const nodes = members.slice(from, from + AT_A_TIME).map(([key, member]) => node(name(key, pattern), member, pattern, depth));
  const rest = members.length - from - AT_A_TIME;
  if (rest > 0) {
    const more = button(`Show ${Math.min(rest, AT_A_TIME)} of ${rest} more`, () =>
      more.replaceWith(...children(members, pattern, depth, from + AT_A_TIME)));
    nodes.push(more);
  }
  return nodes;
}

function name(key, pattern) {
  return key === undefined ? [] : [element('span', 'key', ...marked(JSON.stringify(key), pattern)), ': '];
}

function leaf(value, pattern) {
  if (value instanceof Written) {
    return element('span', 'number', ...marked(value.source, pattern));
  }
  const text = JSON.stringify(value);
  const shown = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}… (${count(text.length, 'character', 'characters')}, see Text)` : text;
  return element('span', value === null ? 'null' : typeof value, ...marked(shown, pattern));
}
