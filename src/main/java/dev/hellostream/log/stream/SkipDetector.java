package dev.hellostream.log.stream;

import dev.hellostream.log.Position;

/**
 * Notices that entries may be missing between two that were read one after the other:
 * where retention overtakes a reader, RabbitMQ goes on with the first entry that is left
 * and does not tell. Reading again from the one before answers it: if that is still
 * there, nothing after it had gone. Not safe for use by several threads.
 */
final class SkipDetector {

	/**
	 * A segment of a stream begins with a record of RabbitMQ's own, about its producers,
	 * that takes an offset and is not delivered.
	 */
	private static final int LARGEST_STEP = 2;

	/** Where the step led that is looked into. */
	private long doubted;

	/**
	 * Whether more than a record of RabbitMQ's lies between two entries.
	 * @param before the entry that was read before
	 * @param next the entry that was read next
	 * @return true if entries may be missing
	 */
	static boolean skips(Position before, Position next) {
		return next.offset() > before.offset() + LARGEST_STEP;
	}

	/**
	 * Whether a step must be looked into by reading again from the entry before.
	 * @param before the entry that was read before
	 * @param next the entry that was read next
	 * @return true if entries may be missing, and this was not said of the same step just
	 * before
	 */
	boolean doubts(Position before, Position next) {
		if (next.offset() == this.doubted || !skips(before, next)) {
			return false;
		}
		this.doubted = next.offset();
		return true;
	}

	/** Another place to read from: no step is looked into. */
	void reset() {
		this.doubted = 0;
	}

}
