package dev.hellostream.live;

import dev.hellostream.log.CatchUpPermits;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.Tail;

/**
 * Where cursors get their entries.
 *
 * @param tail the newest entries
 * @param nearBytes how many bytes a cursor may be behind to read in the tail
 * @param log everything else
 * @param permits bounds how many read the log at a time
 * @param memory where chunks of entries are put
 */
record LogSource(Tail tail, long nearBytes, MessageLog log, CatchUpPermits permits, ChunkMemory memory) {

	/**
	 * Find out where a cursor goes on in the tail.
	 * @param position the last that it has seen
	 * @return the number of the next entry, or -1 if it has to catch up
	 */
	long after(Position position) {
		long sequence = this.tail.after(position);
		return (sequence >= 0 && isNear(sequence)) ? sequence : -1;
	}

	/**
	 * Whether a cursor may read in the tail: it lacks one entry, or few bytes.
	 * @param sequence the number of the next entry that it reads
	 */
	boolean isNear(long sequence) {
		return this.tail.head() - sequence <= 1 || this.tail.bytesFrom(sequence) <= this.nearBytes;
	}

}
