package dev.hellostream.log.stream;

import dev.hellostream.log.Position;

/**
 * Detects that entries may be missing between two that were read one after the other:
 * when retention overtakes a reader, RabbitMQ continues with the first remaining entry
 * and does not report it. Reading again from the former entry decides: if that still
 * exists, no entry after it has expired. Not safe for use by several threads.
 */
final class SkipDetector {

	/**
	 * A segment of a RabbitMQ stream begins with an internal record about producers,
	 * which has an offset and is not delivered.
	 */
	private static final int LARGEST_STEP = 2;

	/** Offset of the entry after the step that is being checked. */
	private long doubted;

	/**
	 * Whether the step between two entries is larger than an internal record explains.
	 * @param before the entry that was read before
	 * @param next the entry that was read next
	 * @return true if entries may be missing
	 */
	static boolean skips(Position before, Position next) {
		return next.offset() > before.offset() + LARGEST_STEP;
	}

	/**
	 * Whether a step must be checked by reading again from the entry before.
	 * @param before the entry that was read before
	 * @param next the entry that was read next
	 * @return true if entries may be missing, unless this step is the one that was
	 * doubted last
	 */
	boolean doubts(Position before, Position next) {
		if (next.offset() == this.doubted || !skips(before, next)) {
			return false;
		}
		this.doubted = next.offset();
		return true;
	}

	/** Forget the step that is being checked, to read from another place. */
	void reset() {
		this.doubted = 0;
	}

}
