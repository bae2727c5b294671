// The broker behind the messages: how many consumers the queue has, and what is wrong, if anything.

import { brokerHealth } from '../api.js';

const INTERVAL = 5000;
const INTERVAL_IN_TROUBLE = 1000;

/**
 * Says in the element how many consumers the queue has, and calls back with what is wrong: `{ state, reason }`, or nothing.
 * Only while the server answers: what was true before is not known to be true any more.
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
    const found = await brokerHealth().then(said).catch(() => ['How the broker is cannot be seen now.']);
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
