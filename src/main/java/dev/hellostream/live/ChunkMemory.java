package dev.hellostream.live;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/**
 * The direct memory of the chunks of an instance. A subscriber that takes nothing holds
 * the chunk that it was last given, and ten thousand of them at different places would
 * hold as many: when there is little left, chunks become as small as an entry, and who
 * has taken nothing is closed sooner.
 *
 * <p>
 * Safe for use by several threads.
 */
final class ChunkMemory {

	/** How many bytes to put into a chunk while there is plenty. */
	static final int CHUNK_LIMIT = 64 * 1024;

	// Not pooled, so that what it says to be in use is exact. All cursors that write a
	// chunk share the cost of its allocation.
	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

	private final long limit;

	ChunkMemory() {
		this(Math.min(64 * 1024 * 1024, PlatformDependent.maxDirectMemory() / 4));
	}

	/**
	 * Create a memory.
	 * @param limit the bytes that chunks take, unless there are more subscribers at
	 * different places than can be given an entry each
	 */
	ChunkMemory(long limit) {
		this.limit = limit;
	}

	Chunk allocate(int length) {
		return new Chunk(this.allocator, length);
	}

	/**
	 * How many bytes to put into a chunk at most, unless a single entry is larger.
	 */
	int chunkLimit() {
		return isShort() ? 0 : CHUNK_LIMIT;
	}

	/** Whether memory has to be got back from subscribers that take nothing. */
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
