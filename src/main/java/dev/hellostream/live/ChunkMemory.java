package dev.hellostream.live;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/**
 * The direct memory of the chunks of an instance. A subscriber that reads nothing holds
 * its last chunk, and ten thousand such subscribers at different places hold as many
 * chunks. When more than the limit is in use, new chunks therefore contain a single
 * entry, and a subscriber that reads nothing is closed sooner.
 *
 * <p>
 * Safe for use by several threads.
 */
final class ChunkMemory {

	/** Maximum size of a chunk of several entries in bytes, while memory is not short. */
	static final int CHUNK_LIMIT = 64 * 1024;

	// Unpooled, so that its metric is exactly the memory in use. All cursors that write a
	// chunk share the cost of its allocation.
	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

	private final long limit;

	ChunkMemory() {
		this(Math.min(64 * 1024 * 1024, PlatformDependent.maxDirectMemory() / 4));
	}

	/**
	 * Create a memory.
	 * @param limit the bytes in use above which memory is short; exceeded if subscribers
	 * are at so many places that one entry for each needs more
	 */
	ChunkMemory(long limit) {
		this.limit = limit;
	}

	Chunk allocate(int length) {
		return new Chunk(this.allocator, length);
	}

	/** Return the maximum size of a chunk in bytes, unless a single entry is larger. */
	int chunkLimit() {
		return isShort() ? 0 : CHUNK_LIMIT;
	}

	/** Whether memory has to be reclaimed from subscribers that read nothing. */
	boolean isShort() {
		return used() > this.limit;
	}

	long limit() {
		return this.limit;
	}

	long used() {
		return this.allocator.metric().usedDirectMemory();
	}

}
