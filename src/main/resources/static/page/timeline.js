// Three bars that grow from Hello to World on one time axis, and the bar of the sequential time.

const FIRST_SCALE = 3500;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60];

/** Times are the server's. The page's clock only interpolates between its lines. */
export function timelineIn(element) {
  const rows = [...element.querySelectorAll('.row:not(.axis)')];
  const inTurn = rows.pop();
  const axis = element.querySelector('.axis .lane');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let tasks = new Map();
  let frame = 0;
  let offset;
  let scale;

  const now = () => (offset === undefined ? 0 : performance.now() - offset);
  // With reduced motion, a bar appears when it is finished.
  const took = ({ from, to }, time) => Math.max(0, (to ?? (still.matches ? from : time)) - from);

  function place(bar, from, length) {
    bar.style.left = `${(100 * from) / scale}%`;
    bar.style.width = `${(100 * length) / scale}%`;
  }

  function draw(time) {
    const sum = [...tasks.values()].reduce((total, task) => total + took(task, time), 0);
    if (Math.max(sum, time) > scale) {
      rescale(Math.max(sum, time) * 1.5);
    }
    let behind = 0;
    rows.forEach((row, index) => {
      const task = tasks.get(index + 1);
      const length = task ? took(task, time) : 0;
      place(row.querySelector('.bar'), task?.from ?? 0, length);
      const world = row.querySelector('b');
      world.textContent = task?.to === undefined ? '' : 'World';
      world.style.left = `${(100 * ((task?.from ?? 0) + length)) / scale}%`;
      row.querySelector('.took').textContent = task ? seconds(length) : '';
      place(inTurn.querySelectorAll('.bar')[index], behind, length);
      behind += length;
    });
    inTurn.querySelector('.took').textContent = tasks.size ? seconds(behind) : '';
  }

  function rescale(millis) {
    scale = millis;
    const step = STEPS.find((size) => scale / 1000 / size <= 4) ?? 300;
    const ticks = [];
    for (let at = 0; at * 1000 <= scale; at += step) {
      const tick = document.createElement('span');
      tick.textContent = `${Number(at.toFixed(1))} s`;
      tick.style.left = `${(100000 * at) / scale}%`;
      ticks.push(tick);
    }
    axis.replaceChildren(...ticks);
  }

  function animate() {
    draw(now());
    frame = requestAnimationFrame(animate);
  }

  rescale(FIRST_SCALE);
  return {
    start() {
      tasks = new Map();
      offset = undefined;
      if (still.matches) {
        draw(0);
      } else {
        animate();
      }
    },
    say({ task, line, atMillis }) {
      offset ??= performance.now() - atMillis;
      if (line === 'Hello') {
        tasks.set(task, { from: atMillis });
      } else {
        tasks.get(task).to = atMillis;
      }
      if (still.matches) {
        draw(atMillis);
      }
    },
    finish({ tasks: finished, sequentialMillis }) {
      cancelAnimationFrame(frame);
      tasks = new Map(finished.map((task) => [task.task, { from: task.startedAtMillis, to: task.finishedAtMillis }]));
      rescale(sequentialMillis * 1.1);
      draw(0);
    },
    stop() {
      cancelAnimationFrame(frame);
      draw(now());
    },
  };
}

function seconds(millis) {
  return `${(millis / 1000).toFixed(2)} s`;
}
