// The list: of up to 100,000 rows only the visible ones are in the document, and they are drawn at most once a frame.
//
// While the list does not follow the newest rows, it stands still: `shown` keeps the rows as they were laid out, so that
// nothing moves while it is read, and new rows are counted.

import { emptyRow, fill, fillTime } from './row.js';
import { viewport } from './viewport.js';

const BEYOND = 4;
const BETWEEN_DRAWS = 50;

export function list(section, { rows, look, onOpen, onDraw }) {
  const scroller = section.querySelector('.messages');
  const canvas = scroller.firstElementChild;
  const drawn = new Map();
  const spare = [];
  let shown = { first: 0, next: 0 };
  let newestOnTop = true;
  let following = true;
  let active;
  let frame = 0;
  let timer = 0;

  const view = viewport(scroller, { onScroll: scrolled, onResize: schedule });
  const place = (number) => (newestOnTop ? shown.next - 1 - number : number - shown.first);
  const numberAt = (index) => (newestOnTop ? shown.next - 1 - index : shown.first + index);

  function draw() {
    frame = 0;
    const total = layOut();
    const from = Math.max(0, Math.floor(view.top / view.row) - BEYOND);
    const to = Math.min(total, Math.ceil((view.top + view.room) / view.row) + BEYOND);
    for (const [number, row] of drawn) {
      if (place(number) < from || place(number) >= to) {
        drawn.delete(number);
        row.remove();
        spare.push(row);
      }
    }
    let previous = null;
    for (let index = from; index < to; index += 1) {
      const row = drawRow(numberAt(index), index, total);
      // In visual order, for screen readers.
      if (!row.parentNode || row.previousElementSibling !== previous) {
        canvas.insertBefore(row, previous ? previous.nextSibling : canvas.firstChild);
      }
      previous = row;
    }
    spare.splice(0).forEach((row) => row.remove());
    if (drawn.has(active)) {
      scroller.setAttribute('aria-activedescendant', drawn.get(active).id);
    } else {
      scroller.removeAttribute('aria-activedescendant');
    }
    onDraw({ unseen: rows.next - shown.next, total });
  }

  function layOut() {
    if (following) {
      shown = { first: rows.first, next: rows.next };
    }
    const total = shown.next - shown.first;
    canvas.style.height = `${total * view.row}px`;
    if (following) {
      view.scrollTo(newestOnTop ? 0 : Math.max(0, total * view.row - view.room));
    }
    return total;
  }

  function drawRow(number, index, total) {
    let row = drawn.get(number);
    if (!row) {
      row = spare.pop() ?? emptyRow();
      row.id = `message-${number}`;
      fill(row, rows.at(number), look());
      drawn.set(number, row);
    }
    row.style.transform = `translateY(${index * view.row}px)`;
    row.setAttribute('aria-posinset', index + 1);
    row.setAttribute('aria-setsize', total);
    row.setAttribute('aria-selected', number === active);
    return row;
  }

  function schedule() {
    frame ||= requestAnimationFrame(draw);
  }

  /** Draw new rows, not more often than is useful. */
  function arrived() {
    timer ||= setTimeout(() => {
      timer = 0;
      schedule();
    }, BETWEEN_DRAWS);
  }

  function redraw() {
    spare.push(...drawn.values());
    drawn.clear();
    schedule();
  }

  /** Go to the newest, and follow them. */
  function restart() {
    active = undefined;
    following = true;
    redraw();
  }

  function activate(number) {
    if (shown.next === shown.first) {
      return;
    }
    // The rows being read do not move.
    following = false;
    active = Math.min(Math.max(number, shown.first), shown.next - 1);
    view.reveal(place(active) * view.row);
    schedule();
  }

  /** Go some rows down, or to the first visible one if none is active. */
  function move(down) {
    const index = active === undefined ? Math.ceil(view.top / view.row) : place(active) + down;
    activate(numberAt(Math.min(Math.max(index, 0), shown.next - shown.first - 1)));
  }

  const open = () => active !== undefined && rows.at(active) && onOpen(rows.at(active));

  function scrolled() {
    const rest = newestOnTop ? view.top : (shown.next - shown.first) * view.row - view.room - view.top;
    following = following ? rest < view.row : rest < 1 && active === undefined;
    schedule();
  }

  scroller.addEventListener('click', ({ target }) => {
    const row = target.closest('.message');
    for (const [number, element] of drawn) {
      if (element === row) {
        activate(number);
        open();
        return;
      }
    }
  });

  return {
    arrived,
    redraw,
    follow: restart,
    move,
    open,
    page: () => Math.max(1, Math.floor(view.room / view.row) - 1),
    edge: (down) => activate(numberAt(down ? shown.next - shown.first - 1 : 0)),
    tick: (timeWay) => drawn.forEach((row) => fillTime(row, timeWay)),
    /** Rows have been added before the oldest. The rows being read do not move. */
    older(count) {
      if (!following) {
        shown.first -= count;
      }
      layOut();
      if (!following && !newestOnTop) {
        view.scrollTo(view.top + count * view.row);
      }
      schedule();
    },
    show(others) {
      rows = others;
      restart();
    },
    order(onTop) {
      newestOnTop = onTop;
      restart();
    },
  };
}
