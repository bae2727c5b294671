package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.log.Tail;
import dev.hellostream.log.TailTests;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChunkCache}.
 */
class ChunkCacheTests {

	private static final int LARGE = 40_000;

	private static final int CHUNK_LIMIT = 64 * 1024;

	private static final int MEMORY = 16 * 1024 * 1024;

	private final Tail tail = new Tail(128, Long.MAX_VALUE);

	private final ChunkMemory memory = new ChunkMemory(MEMORY);

	private final ChunkCache cache = new ChunkCache(this.tail, LiveFormat.SSE, this.memory);

	@AfterEach
	void clearShouldReleaseEverything() {
		this.cache.clear();
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void cursorsAtTheSamePlaceShouldShareAChunk() {
		add(3, "a");
		assertThat(this.cache.get(1)).isSameAs(this.cache.get(1));
		assertThat(text(this.cache.get(1))).isEqualTo("1a2a");
		assertThat(this.cache.get(1).next()).isEqualTo(3);
		assertThat(this.cache.get(1).position()).isEqualTo(TailTests.position(2));
	}

	@Test
	void chunkThatIsNotFullShouldBeBuiltAnewWhenMoreHasCome() {
		add(2, "a");
		Chunk before = this.cache.get(0);
		add(1, "b");
		assertThat(this.cache.get(0)).isNotSameAs(before);
		assertThat(text(this.cache.get(0))).isEqualTo("0a1a2b");
	}

	@Test
	void chunkThatIsFullShouldBeSharedWhateverHasCome() {
		add(3, "x".repeat(LARGE));
		Chunk full = this.cache.get(0);
		assertThat(full.next()).isEqualTo(1);
		add(1, "more");
		assertThat(this.cache.get(0)).isSameAs(full);
	}

	@Test
	void chunkShouldTakeNoMoreThanOneWriteDoesButAlwaysAFrame() {
		add(100, "x".repeat(1_000));
		Chunk chunk = this.cache.get(0);
		assertThat(chunk.length()).isLessThanOrEqualTo(CHUNK_LIMIT).isGreaterThan(CHUNK_LIMIT - 1_100);
		add(1, "y".repeat(2 * CHUNK_LIMIT));
		assertThat(this.cache.get(100).length()).isGreaterThan(2 * CHUNK_LIMIT);
	}

	@Test
	void placeThatTheRingHasLeftShouldHaveNoChunk() {
		add(200, "a");
		assertThat(this.cache.get(71)).isNull();
		assertThat(this.cache.get(72)).isNotNull();
		assertThat(this.cache.get(-1)).isNull();
		assertThat(this.memory.used()).isPositive();
	}

	@Test
	void placeInTheSameSlotShouldHaveItsOwnChunk() {
		add(100, "a");
		for (int from = 0; from < 100; from++) {
			assertThat(text(this.cache.get(from))).startsWith(from + "a");
		}
	}

	@Test
	void chunksShouldBeBoundByNumberAndBytes() {
		add(100, "x".repeat(LARGE));
		long most = 0;
		for (int from = 0; from < 100; from++) {
			this.cache.get(from);
			most = Math.max(most, this.memory.used());
		}
		// 16 chunks, and the one that replaces another.
		assertThat(most).isGreaterThan(15 * LARGE).isLessThan(17 * (LARGE + 100));
		this.cache.clear();
		add(40, "x".repeat(10 * LARGE));
		for (int from = 100; from < 140; from++) {
			this.cache.get(from);
			assertThat(this.memory.used()).isLessThan(3 * 1024 * 1024);
		}
	}

	@Test
	void chunksShouldBeAsSmallAsAFrameWhenSubscribersHoldTheMemory() {
		add(100, "x".repeat(1_000));
		List<ByteBuf> held = new ArrayList<>();
		for (int from = 0; !this.memory.isShort(); from = (from + 1) % 30) {
			this.cache.clear();
			held.add(this.cache.get(from).framed());
		}
		assertThat(this.memory.used()).isLessThan(MEMORY + CHUNK_LIMIT + 100);
		this.cache.clear();
		assertThat(this.cache.get(0).next()).as("one frame").isEqualTo(1);
		held.forEach(ByteBuf::release);
		this.cache.clear();
		assertThat(this.cache.get(0).next()).as("many frames again").isGreaterThan(60);
	}

	@Test
	void chunkThatIsBeingWrittenShouldOutliveItsPlaceInTheCache() {
		add(1, "a");
		ByteBuf written = this.cache.get(0).framed();
		this.cache.clear();
		assertThat(written.toString(StandardCharsets.US_ASCII)).isEqualTo("2\r\n0a\r\n");
		written.release();
	}

	private void add(int count, String text) {
		for (int i = 0; i < count; i++) {
			this.tail.add(TailTests.entry(this.tail.head(), this.tail.head() + text));
		}
	}

	private static String text(Chunk chunk) {
		return new String(chunk.data(), StandardCharsets.US_ASCII);
	}

}
