// The live stream of messages: one EventSource, kept alive, paused and resumed by id.

import { follow, newest } from './api.js';
import { messageList } from './message-list.js';

const HISTORY = 50;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

/**
 * Watches in the section. Returns what others may listen to: `messages`, whose detail is an array of entries, and `state`,
 * whose detail is the state of the connection.
 */
export function tail(section) {
  const feed = new EventTarget();
  const list = messageList(section);
  const connection = section.querySelector('.connection');
  const pause = section.querySelector('.pause');
  let source;
  let after;
  let retry;
  let wait = FIRST_WAIT;
  let paused = false;

  function show(state, text = state) {
    connection.dataset.state = state;
    connection.textContent = text;
    feed.dispatchEvent(new CustomEvent('state', { detail: state }));
  }

  function connect() {
    clearTimeout(retry);
    source = follow(after);
    source.addEventListener('start', (event) => {
      remember(event);
      wait = FIRST_WAIT;
      show('live');
    });
    source.addEventListener('gap', (event) => list.addGap(JSON.parse(event.data)));
    source.onmessage = (event) => {
      remember(event);
      const entry = JSON.parse(event.data);
      list.add(entry);
      feed.dispatchEvent(new CustomEvent('messages', { detail: [entry] }));
    };
    source.onerror = lost;
  }

  // The browser comes back by itself from a lost connection, but never from an answer that it did not like.
  function lost() {
    if (source.readyState !== EventSource.CLOSED) {
      show('reconnecting');
      return;
    }
    show('offline', `offline, trying again within ${Math.ceil(wait / 1000)} s`);
    retry = setTimeout(connect, wait * (0.5 + Math.random() / 2));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }

  function remember(event) {
    after = event.lastEventId || after;
  }

  function disconnect() {
    clearTimeout(retry);
    source?.close();
  }

  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? 'Resume' : 'Pause';
    disconnect();
    if (paused) {
      show('paused');
    } else {
      show('connecting');
      connect();
    }
  });

  window.addEventListener('online', () => {
    if (!paused && source?.readyState === EventSource.CLOSED) {
      connect();
    }
  });

  newest(HISTORY)
    .then(({ entries, next }) => {
      entries.forEach(list.add);
      after = next;
    })
    // Without the history the page still shows what comes.
    .catch(() => {})
    .finally(() => paused || connect());
  return feed;
}
