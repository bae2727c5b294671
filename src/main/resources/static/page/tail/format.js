// Values in readable form.

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const DAY = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });
const NUMBER = new Intl.NumberFormat('en');
const encoder = new TextEncoder();

export const number = (value) => NUMBER.format(value);

/** The offset in an id. */
export const offset = (id) => Number(String(id).split('.', 1)[0]);

export const count = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;

/** A time in the chosen format: `relative`, `local` or `iso`. */
export function time(iso, way) {
  const at = new Date(iso);
  if (way === 'iso') {
    return iso;
  }
  if (way === 'local') {
    return Date.now() - at < 24 * 3600_000 ? CLOCK.format(at) : `${DAY.format(at)} ${CLOCK.format(at)}`;
  }
  return relative((Date.now() - at) / 1000);
}

function relative(seconds) {
  for (const [unit, length] of [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]) {
    if (seconds >= length) {
      return `${Math.floor(seconds / length)} ${unit} ago`;
    }
  }
  return 'now';
}

export function duration(millis) {
  if (Math.abs(millis) < 1000) {
    return `${number(Math.round(millis))} ms`;
  }
  return Math.abs(millis) < 60_000 ? `${(millis / 1000).toFixed(1)} s` : `${number(Math.round(millis / 1000))} s`;
}

/** The number of bytes of a body, as it was sent. */
export function size({ encoding, body }) {
  if (encoding === 'base64') {
    return (body.length / 4) * 3 - (body.endsWith('==') ? 2 : body.endsWith('=') ? 1 : 0);
  }
  return encoder.encode(body).length;
}

export function bytes(value) {
  if (value < 1024) {
    return `${value} B`;
  }
  return value < 1024 * 1024 ? `${(value / 1024).toFixed(1)} KiB` : `${(value / 1024 / 1024).toFixed(1)} MiB`;
}
