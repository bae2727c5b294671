// Bytes as a hex dump: offset, sixteen bytes, and their ASCII characters.

import { element } from './dom.js';

const LINE = 16;
const LINES = 64;

/** The number of bytes in a block. */
export const HEX_BYTES = LINE * LINES;

/** Blocks of lines of the bytes that a base64 text encodes. */
export function* hexBlocks(base64) {
  const bytes = atob(base64);
  for (let from = 0; from < bytes.length; from += HEX_BYTES) {
    const lines = [];
    for (let at = from; at < Math.min(from + HEX_BYTES, bytes.length); at += LINE) {
      lines.push(line(bytes.slice(at, at + LINE), at));
    }
    yield element('pre', 'hex', lines.join('\n'));
  }
}

function line(bytes, at) {
  const codes = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'));
  const halves = `${codes.slice(0, 8).join(' ').padEnd(23)}  ${codes.slice(8).join(' ').padEnd(23)}`;
  return `${at.toString(16).padStart(8, '0')}  ${halves}  ${bytes.replace(/[^\x20-\x7e]/g, '·')}`;
}
