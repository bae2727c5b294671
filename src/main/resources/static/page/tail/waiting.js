// The number of messages that wait while the page is paused, up to a limit. Each one is read at most once, so that a pause
// costs no more than watching.

import { page } from '../api.js';

const MOST = 1000;
const AT_A_TIME = 200;
const INTERVAL = 2000;

export function waiting(onCount) {
  let timer;
  let round = 0;

  async function look(mine, after, before) {
    let found;
    try {
      found = document.hidden ? { entries: [], next: after } : await page(after, AT_A_TIME);
    } catch {
      // The request is repeated: the count so far remains valid.
      found = { entries: [], next: after };
    }
    if (mine !== round) {
      return;
    }
    const sum = before + found.entries.length;
    onCount(Math.min(sum, MOST), sum >= MOST);
    if (sum < MOST) {
      timer = setTimeout(() => look(mine, found.next, sum), found.entries.length ? 0 : INTERVAL);
    }
  }

  function stop() {
    clearTimeout(timer);
    round += 1;
  }

  return {
    start(after) {
      stop();
      onCount(0, false);
      if (after) {
        look(round, after, 0);
      }
    },
    stop,
  };
}
