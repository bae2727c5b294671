// The fields of the filter: their values, and the content types to choose from.

import { typeOf } from './matches.js';

const MOST_TYPES = 50;

export function filterFields(form, onChange) {
  const { text, type } = form.elements;
  const types = new Set();

  function offer(name) {
    if (name && !types.has(name) && types.size < MOST_TYPES) {
      types.add(name);
      type.add(new Option(name, name));
    }
  }

  text.addEventListener('input', onChange);
  type.addEventListener('change', onChange);
  form.addEventListener('submit', (event) => event.preventDefault());

  return {
    see: (entry) => offer(typeOf(entry)),
    get value() {
      return { text: text.value, type: type.value };
    },
    set value(wanted) {
      offer(wanted.type);
      text.value = wanted.text;
      type.value = wanted.type;
    },
  };
}
