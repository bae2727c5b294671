package dev.hellostream.live;

import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.log.Tail;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscriber begins: in the tail, behind it, or not before the log is at hand.
 *
 * @param next the number of the first entry that it is to get, if it begins in the tail
 * @param position the last entry that it has seen, if it has seen one
 * @param behind where to read the log from, {@code null} if it begins in the tail
 * @param awaited where it wants to begin, as long as the log is not at hand
 */
record Place(long next, @Nullable Position position, @Nullable ReadFrom behind, @Nullable SubscriptionStart awaited) {

	/**
	 * Where a subscriber begins now that wants to begin somewhere.
	 * @param start where it wants to begin
	 * @param source where it gets its entries
	 */
	static Place of(SubscriptionStart start, LogSource source) {
		if (!source.tail().isReady()) {
			return new Place(-1, null, null, start);
		}
		if (start.isLive()) {
			Tail.Place end = source.tail().end();
			return inTail(end.next(), end.position());
		}
		Position after = start.after();
		if (after == null) {
			return behind(null, ReadFrom.first());
		}
		long sequence = source.after(after);
		return (sequence >= 0) ? inTail(sequence, after) : behind(after, ReadFrom.after(after));
	}

	static Place inTail(long next, @Nullable Position position) {
		return new Place(next, position, null, null);
	}

	static Place behind(@Nullable Position position, ReadFrom from) {
		return new Place(-1, position, from, null);
	}

}
