// Where the list begins: at the newest, at the first that is kept, after an id, or now.

import { newest } from '../api.js';

const HISTORY = 100;
const POSITION = /^\d{1,18}\.[0-9a-f]{8}$/;

/** The choice of where to begin. `begin` empties the list and fills it from there, and `onBegin` is told. */
export function startFields(form, { connection, clear, add, onBegin }) {
  const { from, position } = form.elements;
  const ask = form.querySelector('.position');
  let round = 0;

  async function begin(choice) {
    const mine = (round += 1);
    clear();
    onBegin(choice);
    if (choice !== 'newest') {
      connection.start(choice === 'now' ? undefined : choice);
      return;
    }
    // Without the history the page still shows what comes.
    const page = await newest(HISTORY).catch(() => undefined);
    if (mine === round && !page) {
      onBegin('now');
      connection.start();
    } else if (mine === round) {
      page.entries.forEach(add);
      connection.start(page.next);
    }
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
