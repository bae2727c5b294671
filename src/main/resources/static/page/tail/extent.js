// The part of the log that the page has loaded, in words, and loading more of it.

import { newest, page } from '../api.js';
import { count, number, offset, time } from './format.js';

// The server's default for the largest page.
const MOST_AT_A_TIME = 1000;
const INTERVAL = 30_000;

/** `onChange` is called when more is known. */
export function extent(rows, { onChange }) {
  // One object for each list: responses for an earlier one are ignored.
  let round = {};
  let from;
  // Undefined until that is known.
  let since;
  let first;
  let within = true;
  let full = false;
  let loading = false;
  let failure = '';

  const oldest = () => offset(rows.at(rows.first)?.id);

  // Approximate: offsets may have holes, and entries are removed.
  const older = () => (from === 'newest' && rows.messages > 0 ? Math.max(0, oldest() - first) || 0 : 0);

  /** Find out where the log begins. This changes, since the oldest entries are removed. */
  async function measure() {
    const mine = round;
    if (from !== 'newest' || first === Infinity) {
      return;
    }
    const found = await page('first', 1).catch(() => undefined);
    if (mine === round && found) {
      // If the log was empty, it has nothing older than the loaded messages.
      first = found.entries.length ? offset(found.entries[0].id) : Infinity;
      onChange();
    }
  }

  /** The newest entries, up to the limit of a page, except the loaded ones. With large messages, a page ends early. */
  async function before(mine) {
    let { entries, next } = await newest(MOST_AT_A_TIME);
    while (mine === round && entries.length > 0 && offset(entries.at(-1).id) < oldest()) {
      const more = await page(next, MOST_AT_A_TIME);
      if (more.gap || more.entries.length === 0) {
        // The log is no longer the same.
        return [];
      }
      entries = entries.concat(more.entries);
      next = more.next;
    }
    return entries.filter(({ id }) => offset(id) < oldest());
  }

  function all() {
    const loaded = count(rows.messages, 'message', 'messages');
    if (older() > 0) {
      return `newest ${number(rows.messages)} of about ${number(rows.messages + older())} messages`;
    }
    return from === 'newest' && rows.messages > 0 && first === undefined ? `newest ${loaded}` : loaded;
  }

  setInterval(() => document.hidden || measure(), INTERVAL);

  return {
    /** Start again: from the `newest`, the `first`, after an id, or `now`, which without a place means when it is connected. */
    begin(choice, hasPlace = true) {
      round = {};
      from = choice;
      since = hasPlace ? new Date().toISOString() : undefined;
      first = undefined;
      within = true;
      full = false;
      failure = '';
      measure();
    },

    /** Messages are missing in the list: the server has no older ones. */
    gap() {
      round = {};
      first = Infinity;
    },

    /** The live stream has started. */
    connected() {
      since ??= new Date().toISOString();
    },

    /** Whether there are older messages than those on the page, and room for them. */
    get more() {
      return older() > 0 && !rows.dropped && !full;
    },

    /** Whether `load` can reach them. */
    get within() {
      return within && rows.messages < MOST_AT_A_TIME;
    },

    get loading() {
      return loading;
    },

    /** Load older ones. Returns their number. */
    async load() {
      if (loading) {
        return 0;
      }
      const mine = round;
      loading = true;
      failure = '';
      onChange();
      try {
        const found = await before(mine);
        if (mine !== round) {
          return 0;
        }
        const come = rows.addOlder(found);
        full = come < found.length;
        if (found.length === 0) {
          measure();
        }
        return come;
      } catch ({ status, message }) {
        if (mine === round) {
          // 400: the server's pages are smaller.
          within = status !== 400;
          failure = within ? `; older ones could not be read: ${message}` : '';
        }
        return 0;
      } finally {
        loading = false;
        onChange();
      }
    },

    /** The number of messages, or of those that match the filter. */
    summary(matches) {
      const whole = all();
      const rest = (rows.dropped ? `; the oldest ${number(rows.dropped)} were removed` : '') + failure;
      if (matches) {
        const the = whole.startsWith('newest') ? 'the ' : '';
        return `${number(matches.messages)} of ${the}${whole}${matches.searching ? ', searching …' : ' match'}${rest}`;
      }
      const after = rows.at(rows.first)?.gap ? '' : ` after ${from}`;
      const place = { now: since ? ` since ${time(since, 'local')}` : '', newest: '', first: '' }[from] ?? after;
      return whole.replace(/^n/, 'N') + place + rest;
    },

    /** The reason for an empty list, although the page is connected. */
    nothing(matches) {
      if (matches?.searching) {
        return '';
      }
      if (matches) {
        return older() > 0 ? `None of the ${all()} matches.` : 'No message matches.';
      }
      const none = 'No message yet. Publish one, here or from any AMQP client.';
      return { now: 'No message since then.', newest: none, first: none }[from] ?? `No message after ${from}.`;
    },
  };
}
