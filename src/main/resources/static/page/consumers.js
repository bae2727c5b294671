// How many consumers the queue has: with more than one, this page sees its share only.

import { brokerHealth } from './api.js';

const INTERVAL = 10000;

export function watchConsumers(element) {
  let timer;

  async function look() {
    clearTimeout(timer);
    if (document.hidden) {
      return;
    }
    try {
      element.textContent = sentence((await brokerHealth()).components?.queue?.details);
    } catch {
      element.textContent = 'How many consumers the queue has cannot be seen now.';
    }
    timer = setTimeout(look, INTERVAL);
  }

  document.addEventListener('visibilitychange', look);
  look();
}

function sentence({ queue, consumers, detail } = {}) {
  if (consumers === undefined) {
    return detail ?? 'The state of the queue is not known.';
  }
  if (consumers > 1) {
    return `Queue ${queue} has ${consumers} consumers. It gives each message to one of them, so this page sees its share only.`;
  }
  return consumers === 1 ? `Queue ${queue} has one consumer: this application.` : `Queue ${queue} has no consumer now.`;
}
