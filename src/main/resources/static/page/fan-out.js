// The fan-out as bars that grow in time, and the report in numbers.

import { runHello } from './api.js';

const seconds = (millis) => `${(millis / 1000).toFixed(2)} s`;

export function fanOut(section) {
  const button = section.querySelector('.run');
  const status = section.querySelector('.status');
  const report = reportIn(section);
  const timeline = timelineIn(section.querySelector('.timeline'));
  let running = false;

  function end(text, className) {
    running = false;
    button.removeAttribute('aria-disabled');
    status.textContent = text;
    status.className = `status ${className}`;
  }

  button.addEventListener('click', () => {
    // Not `disabled`, which would take the focus away from whoever pressed it.
    if (running) {
      return;
    }
    running = true;
    button.setAttribute('aria-disabled', 'true');
    status.textContent = 'Running …';
    status.className = 'status';
    report.clear();
    timeline.start();
    runHello({
      onLine: timeline.say,
      onReport: (result) => {
        timeline.finish(result);
        report.show(result);
        end(`Done in ${seconds(result.totalMillis)} instead of ${seconds(result.sequentialMillis)}.`, 'success');
      },
      onProblem: (sentence) => {
        timeline.stop();
        end(sentence, 'problem');
      },
    });
  });
}

function reportIn(section) {
  const parts = [section.querySelector('.figures'), section.querySelector('.tasks')];
  const rows = section.querySelector('.tasks tbody');
  const show = (selector, text) => (section.querySelector(selector).textContent = text);
  const millis = (value) => `${value.toFixed(1)} ms`;
  return {
    clear() {
      parts.forEach((part) => (part.hidden = true));
    },
    show({ tasks, totalMillis, sequentialMillis, speedup }) {
      show('.total', seconds(totalMillis));
      show('.sequential', seconds(sequentialMillis));
      show('.speedup', `${speedup.toFixed(2)} ×`);
      rows.replaceChildren(...tasks.map((task) => {
        const row = document.createElement('tr');
        const cells = [task.task, millis(task.startedAtMillis), millis(task.finishedAtMillis), millis(task.elapsedMillis)];
        cells.forEach((text) => (row.insertCell().textContent = text));
        return row;
      }));
      parts.forEach((part) => (part.hidden = false));
    },
  };
}

/** Time is the server's: the page's clock only fills in between its lines. */
function timelineIn(element) {
  const rows = [...element.querySelectorAll('.row:not(.axis)')];
  const inTurn = rows.pop();
  const axis = element.querySelector('.axis .lane');
  let tasks = new Map();
  let frame = 0;
  let offset;
  let scale = 3500;

  const now = () => (offset === undefined ? 0 : performance.now() - offset);
  const took = ({ from, to }, time) => Math.max(0, (to ?? time) - from);

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
      row.querySelector('output').textContent = task ? seconds(length) : '';
      place(inTurn.querySelectorAll('.bar')[index], behind, length);
      behind += length;
    });
    inTurn.querySelector('output').textContent = tasks.size ? seconds(behind) : '';
  }

  function rescale(millis) {
    scale = millis;
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60].find((size) => scale / 1000 / size <= 4) ?? 300;
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

  function stop() {
    cancelAnimationFrame(frame);
    draw(now());
  }

  rescale(scale);
  return {
    start() {
      tasks = new Map();
      offset = undefined;
      animate();
    },
    say({ task, line, atMillis }) {
      offset ??= performance.now() - atMillis;
      if (line === 'Hello') {
        tasks.set(task, { from: atMillis });
      } else {
        tasks.get(task).to = atMillis;
      }
    },
    finish({ tasks: finished, sequentialMillis }) {
      cancelAnimationFrame(frame);
      tasks = new Map(finished.map((task) => [task.task, { from: task.startedAtMillis, to: task.finishedAtMillis }]));
      rescale(sequentialMillis * 1.1);
      draw(0);
    },
    stop,
  };
}
