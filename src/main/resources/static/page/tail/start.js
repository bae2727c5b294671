// The start of the list: the newest entries, the first one, after an id, or now.

import { newest } from '../api.js';

const HISTORY = 100;
const POSITION = /^\d{1,18}\.[0-9a-f]{8}$/;

/**
 * The fields for the start. `begin` clears the list and fills it from there: `onBegin` is called with the choice, and `start`
 * with the position after which the live stream continues.
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
      // Without the older entries, the page still shows new ones.
      from.value = 'now';
      onBegin('now', false);
    } else if (choice === 'newest') {
      page.entries.forEach(add);
    }
    start(page?.next);
  }

  function go() {
    const wanted = position.value.trim();
    position.setCustomValidity(POSITION.test(wanted) ? '' : 'Enter an id such as 42.c01dcafe.');
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
