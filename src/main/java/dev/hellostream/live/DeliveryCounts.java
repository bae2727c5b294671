package dev.hellostream.live;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the cursors of one loop have handed to their connections. One addition a write,
 * however many entries are in it. The loop writes, any thread reads; there is one writer,
 * so that neither a lock nor an atomic addition is needed.
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

	/** Entries, each counted once for every subscriber that it was handed to. */
	long entries() {
		return this.entries.get();
	}

	/** Bytes of entries, heartbeats among them. */
	long bytes() {
		return this.bytes.get();
	}

	/** Gaps that subscribers were told of. */
	long gaps() {
		return this.gaps.get();
	}

}
