// JSON whose numbers keep every digit.

/** A number that JavaScript cannot represent, as it was written. */
export class Written {
  constructor(source) {
    this.source = source;
  }

  toJSON() {
    return JSON.rawJSON(this.source);
  }
}

/** Parse JSON without changing a number, if the browser provides the source text of numbers. */
export function exact(text) {
  return JSON.parse(text, (key, value, context) =>
    typeof value === 'number' && context?.source && String(value) !== context.source ? new Written(context.source) : value);
}

/** Parse an entry, or a page of them: only headers contain numbers, and most entries have no headers. */
export const entry = (text) => (text.includes('"headers":{') ? exact(text) : JSON.parse(text));
