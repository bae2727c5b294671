// Server-sent events read with fetch. An EventSource hides what this page shows: why the server refused, when it wants
// its clients back, and whether the connection is alive. And it hands over a burst in one task, however long that takes.

import { Problem } from '../api.js';

const SLICE = 8;

/**
 * The events of a body, as the WHATWG's standard for server-sent events has them, with `event`, `id`, `data` and `retry`.
 * Waits between them whenever the page has had no time to draw for a while, and so slows down a server that is too fast.
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

/** The fields of one event, or nothing if it was a comment. This server ends its lines with LF and has one line of data. */
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
