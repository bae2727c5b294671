// Messages a second and their lag over the last minutes, drawn once a second while somebody looks.

import { chartIn } from './chart.js';
import { samples } from './samples.js';

const SECONDS = 300;
const INTERVAL = 1000;
const LOOKING = ['live', 'catching up', 'gap'];

const perSecond = (count) => `${count.toLocaleString()} /s`;

/** Plots what the feed tells: `messages`, whose detail is an array of entries, and `state`, that of the connection. */
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
      // What was waiting when the page began to look, or looked again, says nothing of how fast it is.
      .filter((receivedAt) => receivedAt >= since)
      // Below zero only where the clocks of server and browser differ.
      .forEach((receivedAt) => kept.add(now, Math.max(0, now - receivedAt)));
  });

  function draw() {
    if (document.hidden) {
      return;
    }
    // The second that is not over yet would always look like a slump.
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
