// Long work in slices that are short enough for every frame to be drawn in time.

const SLICE = 8;

/** One job at a time: `step` is repeated until it returns false, and `progress` is called after each slice. */
export function slices() {
  let job;

  function run(step, progress) {
    if (job) {
      return;
    }
    const mine = {};
    job = mine;
    const slice = () => {
      if (job !== mine) {
        return;
      }
      const end = performance.now() + SLICE;
      let more = true;
      while (more && performance.now() < end) {
        more = step();
      }
      job = more ? mine : undefined;
      progress(!more);
      if (more) {
        setTimeout(slice);
      }
    };
    // Not at once: fast typing, or many messages, cause many calls in one task.
    setTimeout(slice);
  }

  return { run, stop: () => (job = undefined) };
}
