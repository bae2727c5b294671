// Text for the clipboard.

import { button } from './dom.js';

const SAID = 2000;

/** A button that copies the result of the function, and confirms that. */
export function copyButton(name, text) {
  const copy = button(name, async () => {
    copy.textContent = (await copied(text())) ? 'Copied' : 'Not allowed';
    setTimeout(() => (copy.textContent = name), SAID);
  });
  return copy;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedFromField(text);
  }
}

// The clipboard exists only on HTTPS and localhost.
function copiedFromField(text) {
  const field = document.createElement('textarea');
  field.className = 'visually-hidden';
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
