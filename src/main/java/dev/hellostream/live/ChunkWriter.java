package dev.hellostream.live;

import org.jspecify.annotations.Nullable;

/**
 * Writes the chunks of one live stream, each after the connection has accepted the
 * previous one, and measures the time without progress. Confined to the outlet's loop.
 */
final class ChunkWriter {

	private final Outlet outlet;

	private final ChunkMemory memory;

	private final DeliveryCounts delivered;

	private boolean blocked;

	/** The final bytes, until the connection has accepted the last chunk. */
	private byte @Nullable [] lastWords;

	private long lastProgress = System.nanoTime();

	private long lastPending;

	ChunkWriter(Outlet outlet, ChunkMemory memory, DeliveryCounts delivered) {
		this.outlet = outlet;
		this.memory = memory;
		this.delivered = delivered;
	}

	/** Whether the connection has not accepted the last chunk yet. */
	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * Write a chunk, unless it is empty.
	 * @param chunk the chunk, which remains owned by the caller
	 */
	void write(Chunk chunk) {
		if (chunk.length() > 0) {
			this.lastProgress = System.nanoTime();
			this.delivered.add(chunk);
			this.blocked = !this.outlet.write(chunk);
		}
	}

	/**
	 * Write a chunk that no other cursor writes.
	 * @param chunk the chunk, which is released
	 */
	void writeOnce(Chunk chunk) {
		try {
			write(chunk);
		}
		finally {
			chunk.release();
		}
	}

	/** Write bytes to this client only. */
	void writeOnce(byte[] words) {
		writeOnce(this.memory.allocate(words.length).add(words).end());
	}

	/** Continue after the connection has accepted the last chunk. */
	void onDrained() {
		this.blocked = false;
		this.lastProgress = System.nanoTime();
		if (this.lastWords != null) {
			complete(this.lastWords);
		}
	}

	/** Whether nothing has been written or accepted for this long. */
	boolean isSilent(long now, long nanos) {
		return now - this.lastProgress >= nanos;
	}

	/** Whether the connection has accepted nothing of the last chunk for this long. */
	boolean isStuck(long now, long nanos) {
		long pending = this.outlet.pending();
		if (pending != this.lastPending) {
			this.lastPending = pending;
			this.lastProgress = now;
		}
		return now - this.lastProgress >= nanos;
	}

	/**
	 * Write the final bytes and complete the response, as soon as the connection accepts
	 * them. Nothing else is written afterwards.
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

	/** Whether the connection has accepted the final bytes, as far as is known. */
	boolean isFinished() {
		return this.lastWords == null && this.outlet.pending() == 0;
	}

	void abort() {
		this.outlet.abort();
	}

}
