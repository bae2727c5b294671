package dev.hellostream.live;

import dev.hellostream.log.CatchUpPermits;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.Tail;

/**
 * The sources of the entries that cursors write.
 *
 * @param tail the newest entries
 * @param nearBytes estimated bytes that a cursor may be behind and still read the tail
 * @param log the log, for cursors that catch up
 * @param permits bounds the number of concurrent catch-ups
 * @param memory allocates the chunks
 */
record LogSource(Tail tail, long nearBytes, MessageLog log, CatchUpPermits permits, ChunkMemory memory) {

	/**
	 * Find the place of a cursor in the tail.
	 * @param position the last position that the cursor has reached
	 * @return the sequence of the next item, or -1 if the cursor has to catch up
	 */
	long after(Position position) {
		long sequence = this.tail.after(position);
		return (sequence >= 0 && isNear(sequence)) ? sequence : -1;
	}

	/**
	 * Whether a cursor may read the tail: at most one item or few bytes are missing.
	 * @param sequence the sequence of the next item that the cursor reads; for -1 the
	 * answer does not matter, since the tail has no such item
	 */
	boolean isNear(long sequence) {
		return this.tail.head() - sequence <= 1 || this.tail.bytesFrom(sequence) <= this.nearBytes;
	}

}
