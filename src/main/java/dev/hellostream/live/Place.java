package dev.hellostream.live;

import dev.hellostream.log.Position;
import dev.hellostream.log.Tail;
import org.jspecify.annotations.Nullable;

/**
 * The place where a live stream begins: in the tail, before it, or not yet known while
 * the log is not available.
 *
 * @param next the sequence of the first item to write, -1 if it is to be read from the
 * log
 * @param position the position to continue after, if there is one
 * @param awaited the requested start, while the log is not available
 */
record Place(long next, @Nullable Position position, @Nullable SubscriptionStart awaited) {

	/**
	 * Find the place for a requested start.
	 * @param start the requested start
	 * @param source the source of the entries
	 */
	static Place of(SubscriptionStart start, LogSource source) {
		if (!source.tail().isReady()) {
			return new Place(-1, null, start);
		}
		if (start.isLive()) {
			Tail.End end = source.tail().end();
			return new Place(end.next(), end.position(), null);
		}
		Position after = start.after();
		return new Place((after != null) ? source.after(after) : -1, after, null);
	}

}
