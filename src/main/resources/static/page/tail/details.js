// The details of one message.

import { bodyView } from './body.js';
import { copyButton } from './copy.js';
import { button, element, marked } from './dom.js';
import { bytes, duration, number, size, time } from './format.js';
import { linkTo } from './link.js';

export function details(section, { look, onClose }) {
  const panel = section.querySelector('.details');
  let shown;

  function show(entry) {
    shown = entry;
    const { pattern } = look();
    put(entry.id, [
      copyButton('Copy body', () => entry.body),
      copyButton('Copy JSON', () => JSON.stringify(entry, null, 2)),
      copyButton('Copy link', () => new URL(linkTo({ id: entry.id }), location.href).href),
    ], facts(entry, pattern), ...headers(entry, pattern), body(entry, pattern));
  }

  function problem(id, sentence) {
    shown = undefined;
    put(id, [], element('p', 'problem', sentence));
  }

  function put(id, actions, ...content) {
    const title = element('h3', '', element('code', '', id));
    title.id = 'details-title';
    const head = element('div', 'details-head', title, ...actions, button('Close', close, 'quiet close'));
    panel.replaceChildren(head, ...content);
    panel.scrollTop = 0;
    panel.hidden = false;
    section.classList.add('detailed');
  }

  function close() {
    if (panel.hidden) {
      return;
    }
    shown = undefined;
    panel.hidden = true;
    panel.replaceChildren();
    section.classList.remove('detailed');
    onClose();
  }

  /** Update the relative times. */
  const tick = () => panel.querySelectorAll('.ago').forEach((ago) => (ago.textContent = time(ago.dataset.at, 'relative')));

  return { show, problem, close, tick, get open() { return !panel.hidden; }, get entry() { return shown; } };
}

function facts(entry, pattern) {
  const list = element('dl', 'facts');
  const fact = (name, ...value) => list.append(element('div', '', element('dt', '', name), element('dd', '', ...value)));
  const text = (value) => (value === undefined ? [element('span', 'absent', 'none')] : marked(value, pattern));
  fact('Position', ...text(entry.id));
  fact('Message id', ...text(entry.messageId));
  fact('Received', ...times(entry.receivedAt));
  if (entry.timestamp) {
    fact('Timestamp of its producer', ...times(entry.timestamp));
    fact('Lag, from timestamp to receipt', lag(entry));
  }
  fact('Content type', ...text(entry.contentType));
  fact('Routing key', ...text(entry.routingKey));
  const whole = size(entry);
  fact('Size', bytes(whole) + (whole >= 1024 ? ` (${number(whole)} bytes)` : ''));
  return list;
}

// AMQP timestamps are whole seconds.
function lag({ timestamp, receivedAt }) {
  const made = new Date(timestamp);
  return duration(new Date(receivedAt) - made) + (made % 1000 === 0 ? ', give or take 1 s' : '');
}

function times(iso) {
  const ago = element('span', 'ago', time(iso, 'relative'));
  ago.dataset.at = iso;
  return [`${time(iso, 'local')}, `, ago, element('small', '', iso)];
}

function headers({ headers: named = {} }, pattern) {
  const rows = Object.entries(named).map(([name, value]) => {
    const head = element('th', '', ...marked(name, pattern));
    head.scope = 'row';
    return element('tr', '', head, element('td', '', ...marked(typeof value === 'string' ? value : JSON.stringify(value), pattern)));
  });
  return rows.length ? [element('h4', '', 'Headers'), element('table', 'headers', element('tbody', '', ...rows))] : [];
}

function body(entry, pattern) {
  const ways = bodyView(entry, pattern);
  const view = element('div', 'view');
  const choices = Object.keys(ways).map((way) => button(way, () => choose(way), 'quiet way'));
  const choose = (way) => {
    view.replaceChildren(entry.body === '' ? element('p', 'hint', 'The body is empty.') : ways[way]());
    choices.forEach((choice) => choice.setAttribute('aria-pressed', choice.textContent === way));
  };
  choose(choices[0].textContent);
  return element('div', 'body', element('div', 'ways', element('h4', '', 'Body'), ...choices), view);
}
