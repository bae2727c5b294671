// The rows that match a filter, numbered consecutively like the rows themselves. Searched in slices, so that no frame waits.

import { slices } from './slices.js';

/** Text is searched for in body, ids, routing key and headers, ignoring case. */
export class Criteria {
  constructor({ text = '', type = '' }) {
    this.text = text;
    this.type = type;
    this.pattern = text && new RegExp(text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'), 'gi');
  }

  get empty() {
    return !this.text && !this.type;
  }

  match(entry) {
    return (!this.type || typeOf(entry) === this.type) && (!this.pattern || this.#found(entry));
  }

  #found({ encoding, body, id, messageId, routingKey, headers }) {
    return (encoding === 'utf-8' && this.#in(body)) || this.#in(id) || this.#in(messageId) || this.#in(routingKey)
      || (headers && this.#in(JSON.stringify(headers)));
  }

  #in(text = '') {
    // A global pattern continues after its last match.
    this.pattern.lastIndex = 0;
    return this.pattern.test(text);
  }
}

/** The content type without its parameters. */
export function typeOf({ contentType }) {
  return contentType ? contentType.split(';', 1)[0].trim().toLowerCase() : 'none';
}

export class Matches {
  #rows;
  #criteria;
  #numbers = [];
  #gaps = [];
  #base = 0;
  #searched;
  #slices = slices();
  first = 0;

  constructor(rows, criteria) {
    this.#rows = rows;
    this.#criteria = criteria;
    this.#searched = rows.first;
  }

  get next() {
    return this.#base + this.#numbers.length;
  }

  get messages() {
    return this.next - this.first - this.#gaps.length;
  }

  get searching() {
    return this.#searched < this.#rows.next;
  }

  at(number) {
    return this.#rows.at(this.#numbers[number - this.#base]);
  }

  /** Search the rows added since. Calls back after each slice. */
  search(progress) {
    this.#slices.run(() => this.#step(), progress);
  }

  stop() {
    this.#slices.stop();
  }

  #step() {
    this.#forget();
    if (!this.searching) {
      return false;
    }
    this.#searched = Math.max(this.#searched, this.#rows.first);
    const row = this.#rows.at(this.#searched);
    // A gap is always shown: a missing message may have matched.
    if (row.gap) {
      this.#gaps.push(this.next);
    }
    if (row.gap || this.#criteria.match(row)) {
      this.#numbers.push(this.#searched);
    }
    this.#searched += 1;
    return true;
  }

  #forget() {
    while (this.first < this.next && this.#numbers[this.first - this.#base] < this.#rows.first) {
      this.first += 1;
    }
    while (this.#gaps[0] < this.first) {
      this.#gaps.shift();
    }
    if (this.first - this.#base > 10_000) {
      this.#numbers.splice(0, this.first - this.#base);
      this.#base = this.first;
    }
  }
}
