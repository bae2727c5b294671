// The messages that match the filter, as an NDJSON file.

import { slices } from './slices.js';

const LINES = 1000;

export function exporting(onProgress) {
  const job = slices();

  /** Save the present rows from oldest to newest. */
  return function save(rows) {
    const to = rows.next;
    const parts = [];
    let lines = [];
    let number = rows.first;
    const flush = () => {
      // A browser can move a blob out of memory, but not an array of lines.
      parts.push(new Blob(lines));
      lines = [];
    };
    job.run(() => {
      const row = rows.at(number);
      number += 1;
      if (row && !row.gap) {
        lines.push(`${JSON.stringify(row)}\n`);
      }
      if (lines.length === LINES) {
        flush();
      }
      return number < to;
    }, (done) => {
      onProgress(!done);
      if (done) {
        flush();
        download(new Blob(parts, { type: 'application/x-ndjson' }));
      }
    });
  };
}

function download(blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `messages-${new Date().toISOString().replaceAll(':', '')}.ndjson`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
