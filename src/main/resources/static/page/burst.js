// Many messages from one template, published as lines of NDJSON and counted as the broker confirms them.
//
// Browsers cannot stream a request body over HTTP/1.1, so the lines are sent in slices, one request after the other: the
// order is kept, only one slice is in memory, and a stop between two slices leaves no result unknown.

import { Problem, publishLines } from './api.js';

const SLICE_LINES = 1000;
const SLICE_CHARACTERS = 1_000_000;
const LONGEST_STOP = 2000;

/** The n-th message. */
export function fill(template, n) {
  return template.replaceAll('{n}', n);
}

/**
 * Publishes `count` messages. `onConfirmed` is called with the number of confirmed messages so far. Returns `done`, a
 * promise of the outcome: the numbers of `confirmed` messages and of further ones with an `unknown` result, and the
 * `problem` that ended the burst, if there is one; and `stop`, which gives the current slice a short time to finish.
 */
export function burst({ template, json, count, key, onConfirmed }) {
  const abort = new AbortController();
  let stopped = false;
  // JSON on one line: line ends are insignificant between its tokens, and not allowed within them.
  const shape = json ? template.replace(/[\r\n]+/g, ' ') : template;
  const line = (n) => (json ? fill(shape, n) : JSON.stringify(fill(shape, n)));
  const size = Math.max(1, Math.min(SLICE_LINES, Math.floor(SLICE_CHARACTERS / line(count).length)));

  async function run() {
    let confirmed = 0;
    for (let slice = 1; confirmed < count && !stopped; slice += 1) {
      const before = confirmed;
      const lines = Array.from({ length: Math.min(size, count - before) }, (_, index) => line(before + index + 1));
      try {
        await publishLines(lines, `${key}/${slice}`, abort.signal, (receipt) => {
          confirmed = before + receipt;
          onConfirmed(confirmed);
        });
      } catch (problem) {
        const unknown = problem.unknown ? before + lines.length - confirmed : 0;
        return { confirmed, unknown, problem: stopped ? undefined : problem };
      }
      if (confirmed < before + lines.length) {
        return { confirmed, unknown: before + lines.length - confirmed, problem: new Problem('The response ended early.') };
      }
    }
    return { confirmed, unknown: 0 };
  }

  return {
    done: run(),
    stop() {
      stopped = true;
      setTimeout(() => abort.abort(), LONGEST_STOP);
    },
  };
}
