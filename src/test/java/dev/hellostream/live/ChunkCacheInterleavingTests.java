package dev.hellostream.live;

import java.nio.charset.StandardCharsets;

import dev.hellostream.log.Tail;
import dev.hellostream.log.TailInterleavingTests;
import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * {@link ChunkCache} while the one writer adds and evicts entries.
 */
public class ChunkCacheInterleavingTests {

	@Test
	void chunksShouldHoldWhatTheyNameWhileTheTailOvertakes() {
		Interleavings.check(CachedChunks.class, 2, 3, 10, 80);
	}

	/**
	 * An event loop that reads chunks of entries while the writer evicts them.
	 */
	@Param(name = "sequence", gen = IntGen.class, conf = "1:4")
	public static class CachedChunks extends TailInterleavingTests.WrittenDown {

		private final ChunkCache cache = new ChunkCache(this.tail, LiveFormat.SSE, new ChunkMemory());

		public CachedChunks() {
			super(new Tail(4, 100_000), 4);
		}

		@Override
		@Operation(nonParallelGroup = "writer")
		public void add() {
			super.add();
			super.add();
		}

		@Override
		@Operation(nonParallelGroup = "writer")
		public void begin() {
			super.begin();
		}

		@Operation(nonParallelGroup = "loop")
		public void chunk(@Param(name = "sequence") int sequence) {
			long before = this.tail.head();
			if (sequence >= before) {
				return;
			}
			Chunk chunk = this.cache.get(sequence);
			if (chunk == null) {
				Interleavings.require(isBeginning(sequence) || this.tail.head() >= sequence + 4, "overtaken too early");
				return;
			}
			StringBuilder expected = new StringBuilder();
			for (int i = sequence; i < chunk.next(); i++) {
				Interleavings.require(!isBeginning(i), "chunk over a beginning");
				expected.append(i);
			}
			Interleavings.require(expected.toString().equals(new String(chunk.data(), StandardCharsets.US_ASCII)),
					"other entries");
			Interleavings.require(this.positions[(int) chunk.next() - 1].equals(chunk.position()), "other position");
			Interleavings.require(
					chunk.next() >= before || isBeginning((int) chunk.next()) || this.tail.head() > sequence + 4,
					"not everything that is there");
		}

		@Validate
		public void clear() {
			this.cache.clear();
		}

	}

}
