// JSON in which no number changes.

/** A number that JavaScript cannot hold, as it was written. */
export class Written {
  constructor(source) {
    this.source = source;
  }

  toJSON() {
    return JSON.rawJSON(this.source);
  }
}

/** Read JSON so that no number changes: where the browser tells how one was written, that is kept. */
export function exact(text) {
  return JSON.parse(text, (key, value, context) =>
    typeof value === 'number' && context?.source && String(value) !== context.source ? new Written(context.source) : value);
}

/** Read an entry, or a page of them: only headers hold numbers, and most entries have none. */
export const entry = (text) => (text.includes('"headers":{') ? exact(text) : JSON.parse(text));
