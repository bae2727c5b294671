package dev.hellostream.live;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the data that the cursors of one loop have passed to their connections. Updated
 * once per write, regardless of its number of entries. The loop writes and any thread
 * reads: with a single writer, neither a lock nor an atomic addition is needed.
 */
final class DeliveryCounts {

	private final AtomicLong entries = new AtomicLong();

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicLong gaps = new AtomicLong();

	void add(Chunk chunk) {
		increase(this.entries, chunk.entries());
		increase(this.bytes, chunk.length());
		if (chunk.gaps() > 0) {
			increase(this.gaps, chunk.gaps());
		}
	}

	private static void increase(AtomicLong count, int by) {
		count.setRelease(count.getPlain() + by);
	}

	/** Return the number of entries, each counted once for every subscriber. */
	long entries() {
		return this.entries.get();
	}

	/** Return the number of bytes of data, heartbeats included and framing excluded. */
	long bytes() {
		return this.bytes.get();
	}

	/** Return the number of gaps that were reported to subscribers. */
	long gaps() {
		return this.gaps.get();
	}

}
