// Announces the number of new messages to screen readers: every ten seconds, not for each message.

import { count } from './format.js';

const INTERVAL = 10_000;

export function announcer(element) {
  let come = 0;

  setInterval(() => {
    if (come > 0 && !document.hidden) {
      element.textContent = count(come, 'new message', 'new messages');
    }
    come = 0;
  }, INTERVAL);

  return { add: (messages) => (come += messages) };
}
