// Where the list begins: at the newest, at the first that is kept, after an id, or now.

import { newest } from '../api.js';

const HISTORY = 100;
const POSITION = /^\d{1,18}\.[0-9a-f]{8}$/;

/**
 * The choice of where to begin. `begin` empties the list and fills it from there: `onBegin` is told of the choice, and `start`
 * is called with the position from which the stream is to go on.
 */
export function startFields(form, { clear, add, onBegin, start }) {
  const { from, position } = form.elements;
  const ask = form.querySelector('.position');
  let round = 0;

  async function begin(choice) {
    const mine = (round += 1);
    clear();
    onBegin(choice);
    if (choice !== 'newest' && choice !== 'now') {
      start(choice);
      return;
    }
    const page = await newest(choice === 'now' ? 1 : HISTORY).catch(() => undefined);
    if (mine !== round) {
      return;
    }
    if (!page) {
      // Without the history the page still shows what comes.
      from.value = 'now';
      onBegin('now', false);
    } else if (choice === 'newest') {
      page.entries.forEach(add);
    }
    start(page?.next);
  }

  function go() {
    const wanted = position.value.trim();
    position.setCustomValidity(POSITION.test(wanted) ? '' : 'The id of a message is like 42.c01dcafe.');
    if (position.reportValidity()) {
      begin(wanted);
    }
  }

  from.addEventListener('change', () => {
    ask.hidden = from.value !== 'id';
    if (from.value === 'id') {
      position.focus();
    } else {
      begin(from.value);
    }
  });
  position.addEventListener('input', () => position.setCustomValidity(''));
  position.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      go();
    }
  });
  form.querySelector('.go').addEventListener('click', go);

  return begin;
}
