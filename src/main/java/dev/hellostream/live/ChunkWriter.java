package dev.hellostream.live;

import org.jspecify.annotations.Nullable;

/**
 * Writes the chunks of one stream, each as soon as the client has taken the one before,
 * and knows for how long it has taken nothing. Confined to the outlet's loop.
 */
final class ChunkWriter {

	private final Outlet outlet;

	private final ChunkMemory memory;

	private final DeliveryCounts delivered;

	private boolean blocked;

	/** What is left to be said before the end, while the outlet is still busy. */
	private byte @Nullable [] lastWords;

	private long lastProgress = System.nanoTime();

	private long lastPending;

	ChunkWriter(Outlet outlet, ChunkMemory memory, DeliveryCounts delivered) {
		this.outlet = outlet;
		this.memory = memory;
		this.delivered = delivered;
	}

	/** Whether the client has yet to take what was written last. */
	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * Write a chunk, if there is anything in it.
	 * @param chunk remains the caller's
	 */
	void write(Chunk chunk) {
		if (chunk.length() > 0) {
			this.lastProgress = System.nanoTime();
			this.delivered.add(chunk);
			this.blocked = !this.outlet.write(chunk);
		}
	}

	/**
	 * Write a chunk that nobody else writes.
	 * @param chunk is released
	 */
	void writeOnce(Chunk chunk) {
		try {
			write(chunk);
		}
		finally {
			chunk.release();
		}
	}

	/**
	 * Write words that only this client is told.
	 */
	void writeOnce(byte[] words) {
		writeOnce(this.memory.allocate(words.length).add(words).end());
	}

	/** The outlet has taken what was written last. */
	void onDrained() {
		this.blocked = false;
		this.lastProgress = System.nanoTime();
		if (this.lastWords != null) {
			complete(this.lastWords);
		}
	}

	/** Whether nothing was written for so long. */
	boolean isSilent(long now, long nanos) {
		return now - this.lastProgress >= nanos;
	}

	/** Whether the client has taken nothing for so long of what was written last. */
	boolean isStuck(long now, long nanos) {
		long pending = this.outlet.pending();
		if (pending != this.lastPending) {
			this.lastPending = pending;
			this.lastProgress = now;
		}
		return now - this.lastProgress >= nanos;
	}

	/**
	 * Say the last words and end the response, as soon as it takes them. Nothing else is
	 * written afterwards.
	 */
	void finish(byte[] lastWords) {
		if (this.blocked) {
			this.lastWords = lastWords;
		}
		else {
			complete(lastWords);
		}
	}

	private void complete(byte[] lastWords) {
		this.lastWords = null;
		writeOnce(lastWords);
		this.outlet.complete();
	}

	/** Whether the client has taken the last words, as far as that is known. */
	boolean isFinished() {
		return this.lastWords == null && this.outlet.pending() == 0;
	}

	void abort() {
		this.outlet.abort();
	}

}
