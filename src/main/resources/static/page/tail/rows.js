// The rows of the list, oldest first: messages, and gaps where some are missing. Each row has a number that never changes.

const MOST_ROWS = 100_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Numbers before the first one are negative. */
const slot = (number) => ((number % MOST_ROWS) + MOST_ROWS) % MOST_ROWS;

/** Entries as the server sends them, and `{ gap }`. Bounded: the oldest rows are removed. */
export class Rows {
  #slots = new Array(MOST_ROWS);
  #characters = 0;
  /** The number of the oldest row, and the number that the next one will have. */
  first = 0;
  next = 0;
  messages = 0;
  dropped = 0;

  add(row) {
    this.#characters += row.body?.length ?? 0;
    while (this.next > this.first && (this.next - this.first === MOST_ROWS || this.#characters > MOST_CHARACTERS)) {
      this.dropped += this.#dropFirst().gap ? 0 : 1;
    }
    this.#slots[slot(this.next)] = row;
    this.next += 1;
    this.messages += row.gap ? 0 : 1;
  }

  /** Add entries before the oldest row, the newest of them first, as long as there is room. Returns their number. */
  addOlder(entries) {
    const before = this.first;
    for (let at = entries.length - 1; at >= 0; at -= 1) {
      const { length } = entries[at].body;
      if (this.next - this.first === MOST_ROWS || this.#characters + length > MOST_CHARACTERS) {
        break;
      }
      this.first -= 1;
      this.#slots[slot(this.first)] = entries[at];
      this.#characters += length;
      this.messages += 1;
    }
    return before - this.first;
  }

  at(number) {
    return number >= this.first && number < this.next ? this.#slots[slot(number)] : undefined;
  }

  clear() {
    while (this.first < this.next) {
      this.#dropFirst();
    }
    this.dropped = 0;
  }

  #dropFirst() {
    const row = this.at(this.first);
    this.#slots[slot(this.first)] = undefined;
    this.first += 1;
    this.messages -= row.gap ? 0 : 1;
    this.#characters -= row.body?.length ?? 0;
    return row;
  }
}
