// How much of the log is on the page, in words, and more of it.

import { newest, page } from '../api.js';
import { count, number, offset, time } from './format.js';

// The largest page that the server gives by default.
const MOST_AT_A_TIME = 1000;

/** `onChange` is told when more is known, or more is there. */
export function extent(rows, { onChange }) {
  let from;
  let since;
  let first;

  // Holes in the numbers make it less, and what expires: it is said to be about so many.
  const older = () => (from === 'newest' && first !== undefined && rows.messages > 0 ? Math.max(0, offset(rows.at(rows.first).id) - first) : 0);

  function all() {
    const loaded = count(rows.messages, 'message', 'messages');
    if (older() > 0) {
      return `newest ${number(rows.messages)} of about ${number(rows.messages + older())} messages`;
    }
    return from === 'newest' && rows.messages > 0 && first === undefined ? `newest ${loaded}` : loaded;
  }

  return {
    /** The list begins anew: from the `newest`, the `first`, `now`, or after an id. */
    begin(choice) {
      from = choice;
      since = new Date().toISOString();
      first = undefined;
    },

    /** Find out where the log begins. */
    async measure() {
      const mine = since;
      const found = await page('first', 1).catch(() => undefined);
      if (mine === since && found) {
        // Where there was nothing, nothing is older than what has come since.
        first = found.entries.length ? offset(found.entries[0].id) : Infinity;
        onChange();
      }
    },

    /** Whether there are older messages than those on the page, and room for them. */
    get more() {
      return older() > 0 && !rows.dropped;
    },

    /** Load older ones. Returns how many: 0 where one request does not reach as far, nothing if the list began anew meanwhile. */
    async load() {
      const mine = since;
      const { entries } = rows.messages < MOST_AT_A_TIME ? await newest(MOST_AT_A_TIME) : { entries: [] };
      return mine === since ? rows.addOlder(entries.filter(({ id }) => offset(id) < offset(rows.at(rows.first).id))) : undefined;
    },

    /** What there is, or what of it a filter has found. */
    summary(matches) {
      const whole = all();
      const room = rows.dropped ? `; the oldest ${number(rows.dropped)} made room` : '';
      if (matches) {
        const the = whole.startsWith('newest') ? 'the ' : '';
        return `${number(matches.messages)} of ${the}${whole}${matches.searching ? ', searching …' : ' match'}${room}`;
      }
      const after = rows.at(rows.first)?.gap ? '' : ` after ${from}`;
      const place = { now: ` since ${time(since, 'local')}`, newest: '', first: '' }[from] ?? after;
      return whole.replace(/^n/, 'N') + place + room;
    },

    /** Why there is nothing to be seen, though the page is connected. */
    nothing(matches) {
      if (matches) {
        return older() > 0 ? `None of the ${all()} matches.` : 'No message matches.';
      }
      const none = 'No message yet. Publish one, here or from any AMQP client.';
      return { now: 'No message since then.', newest: none, first: none }[from] ?? `No message after ${from}.`;
    },
  };
}
