// The scroll position of the list and its visible height. Stored here, since reading them in the middle of a change would
// force the browser to lay the page out twice.

/** Calls back after each scroll by the reader or the page, and when the size of the list changes. */
export function viewport(scroller, { onScroll, onResize }) {
  const view = {
    /** The height of a row, the visible height, and the height above it, in CSS pixels. */
    row: 0,
    room: 0,
    top: 0,
    scrollTo(place) {
      if (place !== view.top) {
        view.top = place;
        scroller.scrollTop = place;
      }
    },
    /** Scroll no further than needed to show a row. */
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
