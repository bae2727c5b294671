// Many messages from one template, published as lines of NDJSON and counted as the broker confirms them.
//
// Browsers do not send a body bit by bit over HTTP/1.1, so the lines go in slices, one request after the other: order is
// kept, no more than a slice is in memory, and stopping between two slices leaves nothing unknown.

import { Problem, publishLines } from './api.js';

const SLICE_LINES = 1000;
const SLICE_CHARACTERS = 1_000_000;
const LONGEST_STOP = 2000;

/** The n-th message. */
export function fill(template, n) {
  return template.replaceAll('{n}', n);
}

/**
 * Publishes `count` messages. `onConfirmed` is told how many are safe so far. Returns `done`, which becomes what there is
 * to say at the end: how many are `confirmed`, of how many more it is `unknown` what became of them, and the `problem`
 * that ended it, if one did; and `stop`, which lets the slice under way come to its end, if it does so soon.
 */
export function burst({ template, json, count, key, onConfirmed }) {
  const abort = new AbortController();
  let stopped = false;
  // As a line, JSON has no line feeds, which mean nothing between its tokens and cannot stand within them.
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
        return { confirmed, unknown: before + lines.length - confirmed, problem: new Problem('The answer ended early.') };
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
