// The HTTP interface as functions. Every failure is an Error whose message is a readable sentence.

import { entry } from './exact.js';

/** A failed request. `unknown`: it may have been carried out nevertheless. `status`: the HTTP status, if there is one. */
export class Problem extends Error {
  constructor(message, { unknown = false, status } = {}) {
    super(message);
    this.unknown = unknown;
    this.status = status;
  }
}

/** Run the fan-out. Calls back with each line as soon as it is said, and then with the report or the problem. */
export function runHello({ onLine, onReport, onProblem }) {
  const source = new EventSource('/hello');
  const end = (then) => (event) => {
    source.close();
    then(event);
  };
  source.onmessage = (event) => onLine(JSON.parse(event.data));
  source.addEventListener('report', end((event) => onReport(JSON.parse(event.data))));
  source.addEventListener('problem', end((event) => onProblem(sentence(JSON.parse(event.data)))));
  // A run cannot be resumed: the source would reconnect, and start another one.
  source.onerror = end(() => onProblem('The connection to the server was lost. Run it again.'));
}

/** Publish one message. Returns its id once the broker has confirmed it. */
export async function publish(body, contentType, idempotencyKey) {
  const response = await request('/messages', {
    method: 'POST',
    headers: { 'Content-Type': contentType, 'Idempotency-Key': idempotencyKey },
    body,
  });
  return (await response.json()).messageId;
}

/**
 * Publish lines of JSON, in order, until the signal aborts. `onReceipt` is called with the number of confirmed lines,
 * repeatedly. Line n gets the message id `<key>/<n>`.
 */
export async function publishLines(lines, key, signal, onReceipt) {
  // No time limit: while the broker accepts nothing, the server waits for it, and the Stop button ends the wait.
  const response = await request('/messages', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson', 'Idempotency-Key': key },
    body: lines.join('\n'),
    signal,
  });
  for await (const { confirmed, problem } of jsonLines(response.body)) {
    onReceipt(confirmed);
    if (problem) {
      throw new Problem(sentence(problem), { unknown: true });
    }
  }
}

/** The newest entries, oldest first, and the position after them. */
export async function newest(limit) {
  const response = await request(`/messages?limit=${limit}`, { headers: { Accept: 'application/json' } });
  return entry(await response.text());
}

/** The entries after a position, oldest first, and the position after them. */
export async function page(after, limit) {
  const response = await request(`/messages?after=${encodeURIComponent(after)}&limit=${limit}`, { headers: { Accept: 'application/json' } });
  return entry(await response.text());
}

/** One entry. */
export async function entryAt(position) {
  const response = await request(`/messages/${encodeURIComponent(position)}`, { headers: { Accept: 'application/json' } });
  return entry(await response.text());
}

/** Open a live stream after a position, from the `first` entry, or from now on. Returns the body of the response. */
export async function follow(after, signal) {
  const headers = { Accept: 'text/event-stream' };
  if (after && after !== 'first') {
    headers['Last-Event-ID'] = after;
  }
  const response = await request(after === 'first' ? '/messages?after=first' : '/messages', { headers, signal });
  return response.body;
}

/** The health of the broker. The body has the reason if the status is 503. */
export async function brokerHealth() {
  const response = await fetch('/actuator/health/broker', { signal: AbortSignal.timeout(5000) });
  return response.json();
}

async function* jsonLines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split('\n');
      rest = lines.pop();
      yield* lines.filter(Boolean).map((line) => JSON.parse(line));
    }
  } catch {
    throw new Problem('The connection to the server was lost.', { unknown: true });
  }
}

async function request(path, { signal = AbortSignal.timeout(15000), ...options }) {
  let response;
  try {
    response = await fetch(path, { ...options, signal });
  } catch {
    throw new Problem('The server did not answer.', { unknown: true });
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Problem(sentence({ status: response.status, title: response.statusText, ...problem }), { unknown: response.status === 504, status: response.status });
  }
  return response;
}

function sentence({ status, title, detail }) {
  return `${status} ${title ?? ''}: ${detail ?? 'The server gave no reason.'}`;
}
