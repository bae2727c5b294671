package dev.hellostream.live;

import dev.hellostream.log.Position;
import dev.hellostream.log.Tail;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscriber begins: in the tail, behind it, or not before the log is at hand.
 *
 * @param next the number of the first entry that it is to get, -1 if that is to be read
 * from the log
 * @param position the last entry that it has seen, if it has seen one
 * @param awaited where it wants to begin, as long as the log is not at hand
 */
record Place(long next, @Nullable Position position, @Nullable SubscriptionStart awaited) {

	/**
	 * Where a subscriber begins now that wants to begin somewhere.
	 * @param start where it wants to begin
	 * @param source where it gets its entries
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
