// Server-sent events read with fetch. An EventSource hides details that this page shows: the reason for a refusal, the
// retry time, and whether the connection is alive. And it delivers a burst in one task, however long that takes.

import { Problem } from '../api.js';

const SLICE = 8;

/**
 * The events of a body, as defined by the WHATWG standard for server-sent events, with `event`, `id`, `data` and `retry`.
 * Pauses between them if the page has had no time to draw for a while, which also slows down a server that is too fast.
 */
export async function* events(body, onBytes) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const read = () => reader.read().catch(() => {
    throw new Problem('The connection was lost.');
  });
  let rest = '';
  let slice = performance.now();
  try {
    for (let chunk = await read(); !chunk.done; chunk = await read()) {
      onBytes();
      const text = rest + chunk.value;
      let from = 0;
      for (let to; (to = text.indexOf('\n\n', from)) >= 0; from = to + 2) {
        const event = parse(text.slice(from, to));
        if (event) {
          yield event;
        }
        if (performance.now() - slice > SLICE) {
          await new Promise((resume) => setTimeout(resume));
          slice = performance.now();
        }
      }
      rest = text.slice(from);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The fields of one event, or nothing for a comment. This server ends lines with LF, and sends one line of data. */
function parse(block) {
  const event = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) {
      event[line.slice(0, colon)] = line.slice(colon + 2);
    }
  }
  return Object.keys(event).length > 0 ? event : undefined;
}
