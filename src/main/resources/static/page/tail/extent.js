// How much of the log is on the page, in words, and more of it.

import { newest, page } from '../api.js';
import { count, number, offset, time } from './format.js';

// The largest page that the server gives by default.
const MOST_AT_A_TIME = 1000;
const INTERVAL = 30_000;

/** `onChange` is told when more is known. */
export function extent(rows, { onChange }) {
  // One for each list: what was asked for another one is of no use.
  let round = {};
  let from;
  // Nothing while that is not known.
  let since;
  let first;
  let within = true;
  let full = false;
  let loading = false;
  let failure = '';

  const oldest = () => offset(rows.at(rows.first)?.id);

  // Holes in the numbers make it less, and what expires: it is said to be about so many.
  const older = () => (from === 'newest' && rows.messages > 0 ? Math.max(0, oldest() - first) || 0 : 0);

  /** Find out where the log begins, which is not the same for long: its oldest make room. */
  async function measure() {
    const mine = round;
    if (from !== 'newest' || first === Infinity) {
      return;
    }
    const found = await page('first', 1).catch(() => undefined);
    if (mine === round && found) {
      // Where there was nothing, nothing is older than what has come since.
      first = found.entries.length ? offset(found.entries[0].id) : Infinity;
      onChange();
    }
  }

  /** The newest, as far as one request reaches, but for those that are here. A page ends early where its messages are large. */
  async function before(mine) {
    let { entries, next } = await newest(MOST_AT_A_TIME);
    while (mine === round && entries.length > 0 && offset(entries.at(-1).id) < oldest()) {
      const more = await page(next, MOST_AT_A_TIME);
      if (more.gap || more.entries.length === 0) {
        // The log is not the one that it was.
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
    /** The list begins anew: from the `newest`, the `first`, after an id, or `now`, which is when it is connected if it has no place yet. */
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

    /** Some messages are missing in the list: the server has nothing that is older. */
    gap() {
      round = {};
      first = Infinity;
    },

    /** The stream has begun. */
    connected() {
      since ??= new Date().toISOString();
    },

    /** Whether there are older messages than those on the page, and room for them. */
    get more() {
      return older() > 0 && !rows.dropped && !full;
    },

    /** Whether `load` reaches them. */
    get within() {
      return within && rows.messages < MOST_AT_A_TIME;
    },

    get loading() {
      return loading;
    },

    /** Load older ones. Returns how many have come. */
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
          // Refused where the server's pages are smaller.
          within = status !== 400;
          failure = within ? `; older ones could not be read: ${message}` : '';
        }
        return 0;
      } finally {
        loading = false;
        onChange();
      }
    },

    /** What there is, or what of it a filter has found. */
    summary(matches) {
      const whole = all();
      const rest = (rows.dropped ? `; the oldest ${number(rows.dropped)} made room` : '') + failure;
      if (matches) {
        const the = whole.startsWith('newest') ? 'the ' : '';
        return `${number(matches.messages)} of ${the}${whole}${matches.searching ? ', searching …' : ' match'}${rest}`;
      }
      const after = rows.at(rows.first)?.gap ? '' : ` after ${from}`;
      const place = { now: since ? ` since ${time(since, 'local')}` : '', newest: '', first: '' }[from] ?? after;
      return whole.replace(/^n/, 'N') + place + rest;
    },

    /** Why there is nothing to be seen, though the page is connected. */
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
