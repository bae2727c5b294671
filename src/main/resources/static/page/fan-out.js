// The fan-out: bars that grow in time, the report in figures, and earlier runs.

import { runHello } from './api.js';
import { timelineIn } from './timeline.js';

const RUNS = 5;

const seconds = (millis) => `${(millis / 1000).toFixed(2)} s`;
const millis = (value) => `${value.toFixed(1)} ms`;
const times = (value) => `${value.toFixed(2)} ×`;

export function fanOut(section) {
  const button = section.querySelector('.run');
  const status = section.querySelector('.status');
  const report = reportIn(section);
  const runs = runsIn(section.querySelector('.runs'));
  const timeline = timelineIn(section.querySelector('.timeline'));
  let running = false;

  function end(text, className) {
    running = false;
    button.removeAttribute('aria-disabled');
    say(text, className);
  }

  function say(text, className = '') {
    status.textContent = text;
    status.className = `status ${className}`;
  }

  button.addEventListener('click', () => {
    // Not `disabled`, which would remove the focus from the button.
    if (running) {
      return;
    }
    running = true;
    button.setAttribute('aria-disabled', 'true');
    say('Running …');
    report.clear();
    timeline.start();
    runHello({
      onLine: timeline.say,
      onReport: (result) => {
        timeline.finish(result);
        report.show(result);
        runs.add(result);
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
  const figures = ['.total', '.sequential', '.speedup'].map((selector) => section.querySelector(selector));
  const cells = [...section.querySelectorAll('.tasks td')];
  const fill = (places, texts) => places.forEach((place, index) => (place.textContent = texts[index] ?? '–'));
  return {
    clear() {
      fill([...figures, ...cells], []);
    },
    show({ tasks, totalMillis, sequentialMillis, speedup }) {
      fill(figures, [seconds(totalMillis), seconds(sequentialMillis), times(speedup)]);
      fill(cells, tasks.flatMap(({ startedAtMillis, finishedAtMillis, elapsedMillis }) =>
        [startedAtMillis, finishedAtMillis, elapsedMillis].map(millis)));
    },
  };
}

/** The newest runs, on one scale for comparison. */
function runsIn(table) {
  const rows = table.tBodies[0];
  let runs = [];
  let count = 0;

  function row({ number, totalMillis, sequentialMillis, speedup }) {
    const longest = Math.max(...runs.map((run) => run.sequentialMillis));
    const line = document.createElement('tr');
    line.insertCell().textContent = `#${number}`;
    const scale = line.insertCell();
    scale.className = 'scale';
    for (const [name, length] of [['alone', sequentialMillis], ['together', totalMillis]]) {
      const bar = document.createElement('span');
      bar.className = name;
      bar.style.width = `${(100 * length) / longest}%`;
      scale.append(bar);
    }
    [seconds(totalMillis), seconds(sequentialMillis), times(speedup)].forEach((text) => (line.insertCell().textContent = text));
    return line;
  }

  return {
    add(result) {
      count += 1;
      runs = [{ number: count, ...result }, ...runs].slice(0, RUNS);
      rows.replaceChildren(...runs.map(row));
      // The figures already show a single run.
      table.hidden = runs.length < 2;
    },
  };
}
