// A line chart over time as plain SVG, with its newest and highest values as text.

const HEIGHT = 40;
const NAMESPACE = 'http://www.w3.org/2000/svg';

/** Draws into a figure with an `svg`, and with `.now` and `.highest` for the texts. */
export function chartIn(figure, name, format) {
  const svg = figure.querySelector('svg');
  const area = svg.appendChild(path('area'));
  const line = svg.appendChild(path('line'));
  const holes = svg.appendChild(path('holes'));
  const now = figure.querySelector('.now');
  const highest = figure.querySelector('.highest');

  return {
    /** Draw values, one a second, the newest last; `undefined` where there is none. Seconds that were not live are shaded. */
    draw(values, looking) {
      const known = values.filter((value) => value !== undefined);
      const top = known.reduce((most, value) => Math.max(most, value), 0);
      const newest = looking.at(-1).live ? values.at(-1) : undefined;
      svg.setAttribute('viewBox', `0 0 ${values.length} ${HEIGHT}`);
      const y = (value) => (HEIGHT - 1 - (value / Math.max(top, 1)) * (HEIGHT - 2)).toFixed(1);
      const runs = stretches(values, (value) => value !== undefined);
      line.setAttribute('d', runs.map(([from, to]) => `M${points(values, y, from, to)}h.01`).join(''));
      area.setAttribute('d', runs.map(([from, to]) => `M${from} ${HEIGHT}L${points(values, y, from, to)}V${HEIGHT}Z`).join(''));
      holes.setAttribute('d', stretches(looking, ({ live }) => live === false)
        .map(([from, to]) => `M${from} 0H${to}V${HEIGHT}H${from}Z`).join(''));
      now.textContent = newest === undefined ? '–' : format(newest);
      highest.textContent = known.length ? format(top) : '–';
      svg.setAttribute('aria-label', `${name} over the last ${Math.round(values.length / 60)} minutes. `
        + `Now: ${now.textContent}. Highest: ${highest.textContent}.`);
    },
  };
}

function points(values, y, from, to) {
  return values.slice(from, to).map((value, index) => `${from + index} ${y(value)}`).join('L');
}

/** Ranges of adjacent values for which `belongs` is true: pairs of the first index and the one after the last. */
function stretches(values, belongs) {
  const found = [];
  values.forEach((value, index) => {
    if (!belongs(value)) {
      return;
    }
    const last = found.at(-1);
    if (last?.[1] === index) {
      last[1] = index + 1;
    } else {
      found.push([index, index + 1]);
    }
  });
  return found;
}

function path(className) {
  const element = document.createElementNS(NAMESPACE, 'path');
  element.setAttribute('class', className);
  return element;
}
