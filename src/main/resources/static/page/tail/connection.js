// The one EventSource of the page: kept alive, paused, and resumed by the id of the last message.
//
// An EventSource comes back by itself from some ends, never from others (a 502 of a proxy), and never says when. So each
// end is handled here: the next one is made after a while, which the page can show, and goes on after the last id.

import { follow, newest } from '../api.js';

const LONGEST_WAIT = 30_000;
const PATIENCE = 20_000;
const GAP_SHOWN = 10_000;

const offset = (position) => Number(String(position).split('.', 1)[0]);
const between = (from, to) => from + Math.random() * (to - from);

/** Calls back with each entry and gap, and whenever its state is another. */
export function connection({ onEntry, onGap, onState }) {
  let source;
  let after;
  let target;
  let started = false;
  let paused = false;
  let failures = 0;
  let failure;
  let gap;
  let timer;
  let gapTimer;

  function state() {
    if (paused) {
      return { state: 'paused', reason: 'Nothing is lost: it goes on after the last message that is shown.' };
    }
    if (document.hidden) {
      return { state: 'paused', reason: 'The tab is hidden.' };
    }
    if (failure) {
      return { state: 'offline', ...failure };
    }
    if (!started) {
      return { state: 'connecting', reason: after && after !== 'first' ? `It goes on after ${after}.` : '' };
    }
    if (gap) {
      return { state: 'gap', reason: 'Messages are missing, where the list says so.' };
    }
    return offset(after) < target ? { state: 'catching up', behind: target - offset(after) } : { state: 'live', reason: '' };
  }

  const tell = () => onState(state());

  function open() {
    close();
    if (paused || document.hidden) {
      tell();
      return;
    }
    const mine = follow(after);
    source = mine;
    timer = setTimeout(() => lost('The server does not answer.'), PATIENCE);
    mine.addEventListener('start', (event) => {
      clearTimeout(timer);
      started = true;
      failures = 0;
      remember(event);
      aim(mine);
    });
    mine.addEventListener('gap', (event) => {
      gap = JSON.parse(event.data);
      clearTimeout(gapTimer);
      gapTimer = setTimeout(() => {
        gap = undefined;
        tell();
      }, GAP_SHOWN);
      onGap(gap);
      tell();
    });
    mine.onmessage = (event) => {
      remember(event);
      onEntry(JSON.parse(event.data));
      if (target !== undefined && offset(after) >= target) {
        target = undefined;
        tell();
      }
    };
    mine.onerror = () => lost();
    tell();
  }

  /** Find out how far there is to go. */
  async function aim(mine) {
    const page = await newest(1).catch(() => undefined);
    if (source === mine) {
      target = offset(page?.entries.at(-1)?.id);
      tell();
    }
  }

  function remember({ lastEventId }) {
    after = lastEventId || after;
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = undefined;
    started = false;
    failure = undefined;
    target = undefined;
  }

  async function lost(why) {
    const cut = started;
    close();
    failures += 1;
    // As the server asks its clients to do; doubled as long as that does not help.
    const wait = cut ? between(1000, 3000) : between(0.5, 1) * Math.min(LONGEST_WAIT, 1000 * 2 ** failures);
    retryIn(wait, why ?? 'The connection was lost.');
    const mine = failure;
    const reason = await newest(1).then(() => undefined, (problem) => problem.message);
    if (failure !== mine) {
      return;
    }
    if (reason) {
      failure.reason = navigator.onLine ? reason : 'This device has no network.';
      tell();
    } else if (!cut && !why) {
      // It answers, but not with a stream: it has no place for another one, or shuts down.
      retryIn(between(5000, 15_000), 'The server has no place for another stream at present.');
    }
  }

  function retryIn(wait, reason) {
    clearTimeout(timer);
    failure = { reason, nextTry: Date.now() + wait };
    timer = setTimeout(open, wait);
    tell();
  }

  // A hidden tab gives its connection back: of HTTP/1.1's a browser has six for each host.
  document.addEventListener('visibilitychange', open);
  window.addEventListener('online', () => failure && open());

  return {
    /** Begin after a position, with `first`, or with what comes from now on. */
    start(position) {
      after = position;
      failures = 0;
      open();
    },
    stop() {
      close();
      tell();
    },
    pause() {
      paused = true;
      close();
      tell();
    },
    resume() {
      paused = false;
      open();
    },
    retry: open,
    get position() {
      return after;
    },
    get state() {
      return state();
    },
  };
}
