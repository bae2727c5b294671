// The broker behind the messages: the number of consumers of the queue, and the problem, if there is one.

import { brokerHealth } from '../api.js';

const INTERVAL = 5000;
const INTERVAL_IN_TROUBLE = 1000;

/**
 * Shows the number of consumers in the element, and calls back with the problem: `{ state, reason }`, or nothing. Only
 * while the server answers: an earlier state may no longer be true.
 */
export function watchBroker(element, onTrouble) {
  let timer;
  let round = 0;
  let connected = false;

  function show(text, trouble) {
    element.textContent = text;
    onTrouble(trouble);
    return trouble;
  }

  async function look() {
    clearTimeout(timer);
    const mine = (round += 1);
    if (document.hidden || !connected) {
      show('');
      return;
    }
    const found = await brokerHealth().then(said).catch(() => ['The state of the broker is unknown.']);
    if (mine === round) {
      const trouble = show(...found);
      timer = setTimeout(look, trouble ? INTERVAL_IN_TROUBLE : INTERVAL);
    }
  }

  document.addEventListener('visibilitychange', look);

  return {
    connected(is) {
      if (is !== connected) {
        connected = is;
        look();
      }
    },
  };
}

const TROUBLE = { consume: 'no message comes through', log: 'log unreadable', publish: 'nothing can be published' };

function said({ components }) {
  const { status, details: { state, detail } } = components.queue;
  if (status !== 'UP') {
    return ['', { state: state === 'unreachable' ? 'no broker' : `queue ${state}`, reason: detail }];
  }
  const part = Object.keys(TROUBLE).find((name) => components[name] && components[name].status !== 'UP');
  return [detail, part && { state: TROUBLE[part], reason: components[part].details.detail }];
}
