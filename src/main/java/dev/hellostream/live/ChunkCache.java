package dev.hellostream.live;

import dev.hellostream.log.LogItem;
import dev.hellostream.log.Tail;
import org.jspecify.annotations.Nullable;

/**
 * Builds the chunks of one event loop and one format from the tail. Keeps recent chunks,
 * since cursors at the same place write the same bytes. Confined to the event loop.
 */
final class ChunkCache {

	private static final int SLOTS = 16;

	private static final int BYTES_LIMIT = 2 * 1024 * 1024;

	private final Tail tail;

	private final ChunkMemory memory;

	private final @Nullable Cached[] slots = new Cached[SLOTS];

	private int bytes;

	private final LiveFormat format;

	ChunkCache(Tail tail, LiveFormat format, ChunkMemory memory) {
		this.tail = tail;
		this.format = format;
		this.memory = memory;
	}

	/**
	 * Return the chunk that a cursor writes next.
	 * @param from the sequence of its first item, below the head
	 * @return the chunk, which remains owned by the cache, or {@code null} if the item
	 * has to be read from the log
	 */
	@Nullable Chunk get(long from) {
		int slot = (int) from & (SLOTS - 1);
		Cached cached = this.slots[slot];
		if (cached != null && cached.from() == from && (cached.full() || cached.chunk().next() == this.tail.head())) {
			return cached.chunk();
		}
		Cached built = build(from);
		if (built == null) {
			return null;
		}
		remove(slot);
		if (this.bytes + built.chunk().length() > BYTES_LIMIT) {
			clear();
		}
		this.slots[slot] = built;
		this.bytes += built.chunk().length();
		return built.chunk();
	}

	private @Nullable Cached build(long from) {
		long head = this.tail.head();
		int limit = this.memory.chunkLimit();
		int length = 0;
		long next = from;
		LogItem item = this.tail.read(next);
		while (item != null && (length == 0 || length + this.format.length(item) <= limit)) {
			length += this.format.length(item);
			item = (++next < head) ? this.tail.read(next) : null;
		}
		if (next == from) {
			return null;
		}
		Chunk chunk = this.memory.allocate(this.format.room(length));
		for (long sequence = from; sequence < next; sequence++) {
			LogItem added = this.tail.read(sequence);
			if (added == null) {
				// The tail has removed the item meanwhile.
				chunk.release();
				return null;
			}
			chunk.add(added, this.format);
		}
		return new Cached(from, item != null, chunk.end().upTo(next));
	}

	/** Release all chunks. A chunk that is being written is freed after the write. */
	void clear() {
		for (int slot = 0; slot < SLOTS; slot++) {
			remove(slot);
		}
	}

	private void remove(int slot) {
		Cached cached = this.slots[slot];
		if (cached != null) {
			this.slots[slot] = null;
			this.bytes -= cached.chunk().length();
			cached.chunk().release();
		}
	}

	private record Cached(long from, boolean full, Chunk chunk) {
	}

}
