// The form that publishes a message.

import { publish } from './api.js';

const EXAMPLES = { 'text/plain': 'Hello World', 'application/json': '{"hello": "world"}' };

export function publishing(section) {
  const form = section.querySelector('form');
  const body = form.elements.body;
  const button = form.querySelector('button');
  const status = section.querySelector('.status');
  let key;
  let busy = false;

  // A repeat of the same message keeps its key: if the first got through after all, it is stored once.
  form.addEventListener('input', () => {
    key = undefined;
    body.placeholder = EXAMPLES[form.elements.type.value];
  });

  body.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    button.setAttribute('aria-disabled', 'true');
    key ??= randomKey();
    try {
      const messageId = await publish(body.value, form.elements.type.value, key);
      key = undefined;
      const id = document.createElement('code');
      id.textContent = messageId;
      say('success', 'The broker has it. Message id ', id);
    } catch (problem) {
      say('problem', problem.message);
      if (problem.unknown) {
        status.append(' Publish sends it again with the same key, so it is shown once.');
      } else {
        key = undefined;
      }
    }
    busy = false;
    button.removeAttribute('aria-disabled');
  });

  function say(className, ...content) {
    status.className = `status ${className}`;
    status.replaceChildren(...content);
  }
}

// crypto.randomUUID exists on https and localhost only.
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
