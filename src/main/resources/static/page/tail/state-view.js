// The worse of two states, that of the connection and that of the broker behind it: always visible, with its reason and the
// time until the next try.

import { number } from './format.js';

export function stateView(section, { retry }) {
  const place = section.querySelector('.connection');
  const name = place.querySelector('.state');
  const reason = place.querySelector('.reason');
  const detail = place.querySelector('.next-try');
  const now = place.querySelector('.now');
  const pause = section.querySelector('.pause');
  let shown = {};
  let trouble;
  let wait = '';

  now.addEventListener('click', retry);

  function show(state) {
    shown = state;
    const broken = trouble && state.state === 'live';
    place.dataset.state = broken ? 'broker' : state.state;
    // Set only when they change: screen readers announce them.
    set(name, broken ? `connected, ${trouble.state}` : state.state);
    set(reason, (broken && trouble.reason) || state.reason || '');
    now.hidden = state.state !== 'offline';
    tick();
  }

  /** Text that changes every second is in an element that is not announced. */
  function tick(current = shown) {
    const seconds = Math.max(0, Math.ceil((current.nextTry - Date.now()) / 1000));
    const next = { offline: `Next try in ${seconds} s.`, 'catching up': `About ${number(current.behind ?? 0)} to go.`, paused: wait };
    set(detail, next[current.state] ?? '');
  }

  return {
    show,
    tick,
    /** The problem of the broker: `{ state, reason }`, or nothing. */
    broker(found) {
      trouble = found;
      show(shown);
    },
    paused(is) {
      pause.textContent = is ? 'Resume' : 'Pause';
      wait = '';
    },
    waiting(count, more) {
      wait = `${number(count)}${more ? '+' : ''} ${count === 1 ? 'waits' : 'wait'}.`;
      tick();
    },
  };
}

function set(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
