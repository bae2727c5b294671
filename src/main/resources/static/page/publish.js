// The form that publishes a message, or many.

import { publish } from './api.js';
import { burst, fill } from './burst.js';
import { recall, remember } from './memory.js';
import { linkTo } from './tail/link.js';

const EXAMPLES = { text: 'Hello World!', json: '{"hello": "world"}' };
const PATIENCE = 500;
const LONGEST_REMEMBERED = 20_000;
const MOST = 100_000;
// The ids of a burst add /<slice>/<line> to its key.
const LONGEST_BURST_KEY = 220;

/** The form in the section. `feed` emits the messages that the page receives. */
export function publishing(section, feed) {
  const form = section.querySelector('form');
  const { body, type, count, key } = form.elements;
  const button = form.querySelector('[type="submit"]');
  const status = section.querySelector('.status');
  const progress = progressIn(section.querySelector('.progress'));
  let freshKey;
  let busy = false;
  let awaited;

  const isJson = () => type.value.endsWith('json');
  const example = () => (isJson() ? EXAMPLES.json : EXAMPLES.text);
  const number = () => Number(count.value);

  function describe() {
    button.textContent = number() > 1 ? `Publish ${number().toLocaleString()}` : 'Publish';
    section.querySelector('.as-burst').hidden = !(number() > 1);
  }

  function say(className, ...content) {
    status.className = `status ${className}`;
    status.replaceChildren(...content);
  }

  async function one() {
    const messageId = key.value || freshKey;
    const place = document.createElement('span');
    awaited = { messageId, place };
    say('');
    const wait = setTimeout(() => say('', 'Waiting for the broker to confirm it …'), PATIENCE);
    try {
      const id = document.createElement('code');
      id.textContent = await publish(body.value, type.value, messageId);
      freshKey = undefined;
      say('success', 'The broker has it. Message id ', id, place);
    } catch (problem) {
      say('problem', problem.message);
      if (problem.unknown) {
        status.append(' Publish sends it again with the same key, so it is shown once.');
      } else {
        freshKey = undefined;
      }
    } finally {
      clearTimeout(wait);
    }
  }

  // In the log, a message has another id, which its row shows.
  feed.addEventListener('messages', ({ detail }) => {
    const entry = awaited && detail.find(({ messageId }) => messageId === awaited.messageId);
    if (entry) {
      const link = document.createElement('a');
      link.href = linkTo({ id: entry.id });
      link.textContent = entry.id;
      awaited.place.replaceChildren(', in the log as ', link);
      awaited = undefined;
    }
  });

  async function many() {
    const total = number();
    const running = burst({
      template: body.value,
      json: isJson(),
      count: total,
      key: key.value || freshKey,
      onConfirmed: progress.show,
    });
    freshKey = undefined;
    progress.start(total, running.stop);
    say('', `Publishing ${total.toLocaleString()} messages …`);
    const started = performance.now();
    const outcome = await running.done;
    progress.end();
    say(...outcomeOf(outcome, total, (performance.now() - started) / 1000));
  }

  // A repetition of the same message keeps its key: if the first was accepted after all, it is shown once.
  form.addEventListener('input', ({ target }) => {
    freshKey = undefined;
    if (target === type && Object.values(EXAMPLES).includes(body.value)) {
      body.value = example();
    }
    [body, count, key].forEach((field) => field.removeAttribute('aria-invalid'));
    describe();
    if (body.value.length <= LONGEST_REMEMBERED) {
      remember('publish', { body: body.value, type: type.value, count: count.value });
    }
  });

  form.addEventListener('keydown', (event) => {
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
    const objection = objectionTo({ body: body.value, json: isJson(), count: number(), key: key.value });
    if (objection) {
      say('problem', objection.sentence);
      form.elements[objection.field].setAttribute('aria-invalid', 'true');
      form.elements[objection.field].focus();
      return;
    }
    busy = true;
    button.setAttribute('aria-disabled', 'true');
    freshKey ??= randomKey();
    await (number() > 1 ? many() : one());
    busy = false;
    button.removeAttribute('aria-disabled');
  });

  const last = recall('publish');
  type.value = last.type ?? type.value;
  type.selectedIndex = Math.max(0, type.selectedIndex);
  body.value = last.body || example();
  count.value = last.count ?? count.value;
  describe();
}

/** The first invalid field before anything is sent, and the problem as a sentence. */
function objectionTo({ body, json, count, key }) {
  if (!Number.isInteger(count) || count < 1 || count > MOST) {
    return { field: 'count', sentence: `Enter a number from 1 to ${MOST.toLocaleString()}.` };
  }
  const longest = count > 1 ? LONGEST_BURST_KEY : 255;
  if (key && !(/^[\x21-\x7e]+$/.test(key) && key.length <= longest)) {
    return { field: 'key', sentence: `A key has at most ${longest} visible ASCII characters and no space: a UUID, for example.` };
  }
  if (!body) {
    return { field: 'body', sentence: 'Enter a message first.' };
  }
  if (json) {
    try {
      JSON.parse(count > 1 ? fill(body, 1) : body);
    } catch (error) {
      return { field: 'body', sentence: `This is not JSON: ${error.message}.` };
    }
  }
  return undefined;
}

function outcomeOf({ confirmed, unknown, problem }, total, seconds) {
  if (confirmed === total) {
    const rate = Math.round(total / seconds).toLocaleString();
    return ['success', `The broker confirmed all ${total.toLocaleString()} in ${seconds.toFixed(1)} s: ${rate} a second.`];
  }
  const parts = [`${confirmed.toLocaleString()} of ${total.toLocaleString()} are confirmed`];
  if (unknown > 0) {
    parts.push(`the result of the next ${unknown === 1 ? 'one' : unknown.toLocaleString()} is unknown`);
  }
  if (confirmed + unknown < total) {
    parts.push('the rest was not sent');
  }
  const account = `${parts.join('; ')}.`;
  return problem ? ['problem', `${problem.message} ${account}`] : ['', `Stopped: ${account}`];
}

/** The progress bar and the Stop button. Not announced to screen readers: the status reports the outcome. */
function progressIn(element) {
  const bar = element.querySelector('progress');
  const text = element.querySelector('.confirmed');
  const button = element.querySelector('.stop');
  let stop;

  function show(confirmed) {
    bar.value = confirmed;
    text.textContent = `${confirmed.toLocaleString()} of ${bar.max.toLocaleString()} confirmed`;
  }

  button.addEventListener('click', () => stop());
  return {
    show,
    start(total, stopIt) {
      stop = stopIt;
      bar.max = total;
      show(0);
      element.hidden = false;
    },
    end() {
      element.hidden = true;
    },
  };
}

// crypto.randomUUID exists only on HTTPS and localhost.
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
