// Where the list is scrolled to, and how much is seen of it. Remembered, for to ask the browser in the middle of a change
// would have it lay the page out twice.

/** Calls back after each scroll by the reader or the page, and when the list is given another size. */
export function viewport(scroller, { onScroll, onResize }) {
  const view = {
    /** The height of a row, the height of what is seen, and what is above it, in CSS pixels. */
    row: 0,
    room: 0,
    top: 0,
    scrollTo(place) {
      if (place !== view.top) {
        view.top = place;
        scroller.scrollTop = place;
      }
    },
    /** Scroll no further than needed to see a row. */
    reveal(above) {
      view.scrollTo(Math.min(Math.max(view.top, above + view.row - view.room), above));
    },
  };

  scroller.addEventListener('scroll', () => {
    view.top = scroller.scrollTop;
    onScroll();
  });

  new ResizeObserver(() => {
    view.row = parseFloat(getComputedStyle(scroller).getPropertyValue('--row'));
    view.room = scroller.clientHeight;
    onResize();
  }).observe(scroller);

  return view;
}
