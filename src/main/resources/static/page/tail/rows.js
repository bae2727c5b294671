// What the list holds, oldest first: messages, and gaps where some are missing. Each row has a number that stays its own.

const MOST_ROWS = 100_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** Entries as the server sends them, and `{ gap }`. Bounded: the oldest rows make room for the newest. */
export class Rows {
  #slots = [];
  #characters = 0;
  /** The number of the oldest row that is kept, and the number that the next one will have. */
  first = 0;
  next = 0;
  messages = 0;
  dropped = 0;

  add(row) {
    this.#characters += row.body?.length ?? 0;
    while (this.next > this.first && (this.next - this.first === MOST_ROWS || this.#characters > MOST_CHARACTERS)) {
      this.dropped += this.#dropFirst().gap ? 0 : 1;
    }
    this.#slots[this.next % MOST_ROWS] = row;
    this.next += 1;
    this.messages += row.gap ? 0 : 1;
  }

  at(number) {
    return number >= this.first && number < this.next ? this.#slots[number % MOST_ROWS] : undefined;
  }

  clear() {
    while (this.first < this.next) {
      this.#dropFirst();
    }
    this.dropped = 0;
  }

  #dropFirst() {
    const row = this.at(this.first);
    this.#slots[this.first % MOST_ROWS] = undefined;
    this.first += 1;
    this.messages -= row.gap ? 0 : 1;
    this.#characters -= row.body?.length ?? 0;
    return row;
  }
}
