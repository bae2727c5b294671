// The messages, live: the connection adds them to the rows, and the list shows the rows that match the filter.

import { entryAt } from './api.js';
import { announcer } from './tail/announcer.js';
import { watchBroker } from './tail/broker.js';
import { connection } from './tail/connection.js';
import { details } from './tail/details.js';
import { exporting } from './tail/export.js';
import { extent } from './tail/extent.js';
import { filterFields } from './tail/filter.js';
import { count, number } from './tail/format.js';
import { keys } from './tail/keys.js';
import { keep, linked } from './tail/link.js';
import { list } from './tail/list.js';
import { Criteria, Matches } from './tail/matches.js';
import { Rows } from './tail/rows.js';
import { startFields } from './tail/start.js';
import { stateView } from './tail/state-view.js';
import { waiting } from './tail/waiting.js';

/**
 * Shows the messages in the section. Returns the target of two events: `messages`, whose detail is an array of entries, and
 * `state`, whose detail names the state of the connection.
 */
export function tail(section) {
  const feed = new EventTarget();
  const find = (selector) => section.querySelector(selector);
  const tools = find('.tools');
  const { order, time } = tools.elements;
  const rows = new Rows();
  const announce = announcer(find('.announcement'));
  let criteria = new Criteria({});
  let matches;
  let batch = [];
  let paused = false;

  const look = () => ({ pattern: criteria.pattern, timeWay: time.value });
  const shown = () => matches ?? rows;
  const messages = list(section, { rows, look, onOpen: open, onDraw: drawn });
  const panel = details(section, { look, onClose: remember });
  const fields = filterFields(tools, filter);
  const state = stateView(section, { retry: () => stream.retry() });
  const broker = watchBroker(find('.consumers'), state.broker);
  const wait = waiting(state.waiting);
  const stream = connection({ onEntry: add, onGap: missed, onState: tell });
  const whole = extent(rows, { onChange: messages.arrived });
  const begin = startFields(tools, { clear, add, onBegin: whole.begin, start });
  const save = exporting((busy) => find('.export').setAttribute('aria-disabled', busy));

  function add(entry) {
    fields.see(entry);
    batch.push(entry);
    row(entry);
  }

  function tell(now) {
    state.show(now);
    if (now.state === 'live' || now.state === 'catching up') {
      whole.connected();
    }
    broker.connected(now.state !== 'offline');
    messages.arrived();
    feed.dispatchEvent(new CustomEvent('state', { detail: now.state }));
  }

  function missed(gap) {
    whole.gap();
    row({ gap });
  }

  function row(item) {
    rows.add(item);
    matches?.search(messages.arrived);
    messages.arrived();
  }

  function drawn({ unseen, total }) {
    if (batch.length > 0) {
      const detail = batch;
      batch = [];
      announce.add(detail.length);
      feed.dispatchEvent(new CustomEvent('messages', { detail }));
    }
    find('.count').textContent = loading(stream.state) ? 'Loading …' : whole.summary(matches);
    drawOlder();
    find('.more').hidden = unseen === 0;
    find('.more').textContent = `${number(unseen)} new`;
    drawNothing(total === 0, stream.state);
  }

  /** The list is empty, but the log may not be. */
  function loading({ state: now, unsure }) {
    return rows.next === rows.first && (now === 'connecting' || now === 'catching up' || (now === 'live' && unsure));
  }

  function drawNothing(is, now) {
    find('.messages').setAttribute('aria-busy', loading(now));
    find('.empty').hidden = !is || loading(now);
    const unknown = rows.next === rows.first && {
      offline: 'Messages cannot be read without a connection.',
      paused: 'Paused before any message was read.',
    }[now.state];
    find('.empty').textContent = unknown || whole.nothing(matches);
  }

  function drawOlder() {
    const button = find('.older');
    if (!whole.more && document.activeElement === button) {
      find('.messages').focus({ preventScroll: true });
    }
    button.hidden = !whole.more;
    button.textContent = whole.within ? 'Older' : 'From the first';
    button.setAttribute('aria-disabled', whole.loading);
  }

  async function older() {
    if (!whole.within) {
      tools.elements.from.value = 'first';
      tools.elements.from.dispatchEvent(new Event('change'));
      return;
    }
    const come = await whole.load();
    if (come > 0) {
      find('.announcement').textContent = count(come, 'older message', 'older messages');
    }
    if (come > 0 && matches) {
      search();
    } else if (come > 0) {
      messages.older(come);
    }
  }

  function start(position) {
    stream.start(position);
    if (paused) {
      wait.start(position);
    }
  }

  function clear() {
    stream.stop();
    rows.clear();
    batch = [];
    search();
    if (paused) {
      // Waiting messages are counted again as soon as the position is known.
      wait.start();
    }
  }

  function search() {
    matches?.stop();
    criteria = new Criteria(fields.value);
    matches = criteria.empty ? undefined : new Matches(rows, criteria);
    messages.show(shown());
    matches?.search(messages.arrived);
  }

  function filter() {
    search();
    remember();
  }

  function open(entry) {
    if (!entry.gap) {
      panel.show(entry);
      remember();
    }
  }

  async function openLinked({ id }) {
    for (let at = rows.next - 1; at >= rows.first; at -= 1) {
      if (rows.at(at).id === id) {
        panel.show(rows.at(at));
        return;
      }
    }
    try {
      panel.show(await entryAt(id));
    } catch ({ status, message }) {
      panel.problem(id, status === 404 ? `There is no message ${id} in this log: the link is incomplete, or belongs to another log.` : message);
    }
  }

  function remember() {
    keep({ id: panel.entry?.id, ...fields.value });
  }

  function goWhereLinked() {
    const wanted = linked();
    if (wanted) {
      fields.value = wanted;
      search();
      return wanted.id ? openLinked(wanted) : panel.close();
    }
  }

  function pause() {
    paused = !paused;
    state.paused(paused);
    if (paused) {
      stream.pause();
      wait.start(stream.position);
    } else {
      wait.stop();
      stream.resume();
    }
  }

  find('.pause').addEventListener('click', pause);
  find('.more').addEventListener('click', messages.follow);
  find('.older').addEventListener('click', older);
  find('.export').addEventListener('click', () => save(shown()));
  order.addEventListener('change', () => messages.order(order.value === 'top'));
  time.addEventListener('change', messages.redraw);
  window.addEventListener('hashchange', goWhereLinked);
  keys(section, {
    list: messages,
    closeDetails: panel.close,
    actions: { p: pause, n: messages.follow, e: () => save(shown()), o: () => next(order), t: () => next(time) },
  });
  setInterval(() => {
    state.tick(stream.state);
    panel.tick();
    if (time.value === 'relative' && !document.hidden) {
      messages.tick(time.value);
    }
  }, 1000);

  begin('newest').then(goWhereLinked);
  return feed;
}

function next(select) {
  select.selectedIndex = (select.selectedIndex + 1) % select.length;
  select.dispatchEvent(new Event('change'));
}
