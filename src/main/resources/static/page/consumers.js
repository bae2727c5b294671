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
      element.textContent = sentence((await brokerHealth()).components.queue);
    } catch {
      element.textContent = 'How many consumers the queue has cannot be seen now.';
    }
    timer = setTimeout(look, INTERVAL);
  }

  document.addEventListener('visibilitychange', look);
  look();
}

function sentence({ status, details }) {
  const { name, consumers, detail } = details;
  if (status !== 'UP') {
    return detail;
  }
  if (consumers > 1) {
    return `Queue ${name} has ${consumers} consumers. It gives each message to one of them, so this page sees its share only.`;
  }
  return consumers === 1 ? `Queue ${name} has one consumer: this application.` : `Queue ${name} has no consumer now.`;
}
