// One sample for each second of the last minutes: the number of messages, and their highest lag.

/**
 * Keeps `length` samples, the newest last. `live` is true for a second with a live connection, also without messages,
 * false for one without, and undefined before the first connection.
 */
export function samples(length) {
  let live;
  let kept = [];

  // Seconds without a call continue the last known state.
  function at(time) {
    const second = Math.floor(time / 1000);
    const newest = kept.at(-1)?.second;
    // Nothing is kept yet, the device was asleep for long, or its clock was set back.
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
