// The last minutes, a sample a second: how many messages came, and how long the slowest of them took.

/**
 * Keeps `length` samples, the newest last. `live` tells a second without messages from one in which nobody looked, where
 * it is false; it is undefined as long as nobody has looked at all.
 */
export function samples(length) {
  let live;
  let kept = [];

  // Seconds that nobody asked about until now were like the last one known.
  function at(time) {
    const second = Math.floor(time / 1000);
    const newest = kept.at(-1)?.second;
    // Nothing is kept yet, a long sleep is over, or the clock was put back.
    if (!(second >= newest && second - newest < length)) {
      kept = [];
    }
    for (let next = kept.length ? newest + 1 : second - length + 1; next <= second; next += 1) {
      kept.push({ second: next, count: 0, lag: undefined, live });
    }
    kept.splice(0, kept.length - length);
    return kept.at(-1);
  }

  return {
    add(time, lag) {
      const sample = at(time);
      sample.count += 1;
      sample.lag = Math.max(sample.lag ?? 0, lag);
    },
    setLive(time, isLive) {
      const sample = at(time);
      if (isLive || live !== undefined) {
        live = isLive;
        sample.live ||= isLive;
      }
    },
    read(time) {
      at(time);
      return kept;
    },
  };
}
