// The only live stream of the page: reconnected, paused, and resumed by the id of the last message.

import { follow, newest, Problem } from '../api.js';
import { entry } from '../exact.js';
import { events } from './event-stream.js';
import { offset } from './format.js';

const LONGEST_WAIT = 30_000;
const SILENCE = 45_000;
const GAP_SHOWN = 10_000;
const AIM_AGAIN = 5000;
// Reachable without a network.
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Calls back with each entry and gap, and whenever its state changes. */
export function connection({ onEntry, onGap, onState }) {
  let stream;
  let after;
  let target;
  let ready = false;
  let started = false;
  let aimed = false;
  let paused = false;
  let failures = 0;
  let failure;
  let asked = 0;
  let gap;
  let timer;
  let gapTimer;

  function state() {
    if (paused) {
      return { state: 'paused', reason: 'Nothing is lost: it resumes where it was.' };
    }
    if (document.hidden) {
      return { state: 'paused', reason: 'The tab is hidden.' };
    }
    if (failure) {
      return { state: 'offline', ...failure };
    }
    if (!started) {
      return { state: 'connecting', reason: '' };
    }
    const reason = gap ? 'Messages are or may be missing: see the list.' : '';
    const behind = target - (after === 'first' ? 0 : offset(after));
    if (behind > 0) {
      return { state: 'catching up', reason, behind };
    }
    return gap ? { state: 'gap', reason } : { state: 'live', reason, unsure: !aimed };
  }

  const tell = () => onState(state());

  async function open() {
    close();
    if (!ready || paused || document.hidden) {
      tell();
      return;
    }
    const mine = new AbortController();
    stream = mine;
    tell();
    alive();
    try {
      for await (const event of events(await follow(after, mine.signal), alive)) {
        if (mine.signal.aborted) {
          return;
        }
        take(event, mine);
      }
      throw new Problem(started ? 'The server ended the live stream.' : 'The server accepts no more live streams at present.');
    } catch (problem) {
      if (mine.signal.aborted) {
        return;
      }
      if (!(problem instanceof Problem)) {
        lost('This page has failed: the browser console shows the error.');
        throw problem;
      }
      lost(problem.message);
    }
  }

  function take({ event, id, data, retry }, mine) {
    asked = Number(retry ?? asked);
    after = id ?? after;
    if (event === 'start') {
      started = true;
      failures = 0;
      tell();
      aim(mine);
    } else if (event === 'gap') {
      showGap(JSON.parse(data));
      onGap(gap);
    } else if (data) {
      onEntry(entry(data));
      if (offset(after) >= target) {
        target = undefined;
        showGap(gap);
      }
    }
  }

  /** Find out where the log ends. */
  async function aim(mine) {
    const page = await newest(1).catch(() => undefined);
    if (stream !== mine) {
      return;
    }
    if (page) {
      target = offset(page.entries.at(-1)?.id);
      aimed = true;
      tell();
    } else {
      setTimeout(() => stream === mine && aim(mine), AIM_AGAIN);
    }
  }

  /** Show a gap for some time, which starts again when the page has caught up. */
  function showGap(found) {
    gap = found;
    clearTimeout(gapTimer);
    gapTimer = setTimeout(() => {
      gap = undefined;
      tell();
    }, GAP_SHOWN);
    tell();
  }

  /** Heartbeats are bytes, too: a connection without any for three intervals is lost. */
  function alive() {
    clearTimeout(timer);
    timer = setTimeout(() => lost('The connection was silent for too long.'), SILENCE);
  }

  function close() {
    clearTimeout(timer);
    stream?.abort();
    stream = undefined;
    started = false;
    aimed = false;
    failure = undefined;
    target = undefined;
  }

  function lost(reason) {
    close();
    // The server's `retry`, or a longer backoff that doubles with each failure. Random, so that not all reconnect at once.
    const backoff = Math.min(LONGEST_WAIT, 500 * 2 ** failures) * (1 + Math.random());
    const wait = Math.max(asked, backoff);
    failures += 1;
    const offline = !navigator.onLine && !LOOPBACK.test(location.hostname);
    failure = { reason: offline ? 'This device has no network.' : reason, nextTry: Date.now() + wait };
    timer = setTimeout(open, wait);
    tell();
  }

  // A hidden tab closes its connection: with HTTP/1.1, a browser has six for each host.
  document.addEventListener('visibilitychange', open);
  window.addEventListener('online', () => failure && open());

  return {
    /** Begin after a position, with the `first` entry, or now. */
    start(position) {
      after = position;
      failures = 0;
      ready = true;
      open();
    },
    stop() {
      ready = false;
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
