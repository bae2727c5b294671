// Messages a second and their lag over the last minutes, drawn once a second while the page is visible.

import { chartIn } from './chart.js';
import { samples } from './samples.js';

const SECONDS = 300;
const INTERVAL = 1000;
const LOOKING = ['live', 'catching up', 'gap'];

const perSecond = (count) => `${count.toLocaleString()} /s`;

/** Plots the events of the feed: `messages`, whose detail is an array of entries, and `state`, that of the connection. */
export function plot(section, feed) {
  const kept = samples(SECONDS);
  const rate = chartIn(section.querySelector('.rate'), 'Messages a second', perSecond);
  const lag = chartIn(section.querySelector('.lag'), 'Lag', duration);
  let since = Infinity;

  feed.addEventListener('state', ({ detail }) => {
    const now = Date.now();
    const looking = LOOKING.includes(detail);
    since = looking ? Math.min(since, now) : Infinity;
    kept.setLive(now, looking);
  });

  feed.addEventListener('messages', ({ detail }) => {
    const now = Date.now();
    detail.map((entry) => Date.parse(entry.receivedAt))
      // Messages that were received before the connection was live say nothing about lag.
      .filter((receivedAt) => receivedAt >= since)
      // Negative only if the clocks of server and browser differ.
      .forEach((receivedAt) => kept.add(now, Math.max(0, now - receivedAt)));
  });

  function draw() {
    if (document.hidden) {
      return;
    }
    // The current second is incomplete, and would always look like a drop.
    const over = kept.read(Date.now()).slice(0, -1);
    rate.draw(over.map(({ live, count }) => (live ? count : undefined)), over);
    lag.draw(over.map((sample) => sample.lag), over);
  }

  draw();
  setInterval(draw, INTERVAL);
  document.addEventListener('visibilitychange', draw);
}

function duration(millis) {
  return millis < 1000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;
}
