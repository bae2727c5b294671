package dev.hellostream.live;

import java.nio.charset.StandardCharsets;

import dev.hellostream.log.Position;
import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * {@link FrameRing} and {@link ChunkCache} while the one writer adds and evicts.
 */
public class FrameRingInterleavingTests {

	@Test
	void readersOfARingBoundByNumberShouldSeeWholeFramesAndExactPlaces() {
		Interleavings.check(BoundByNumber.class, 2, 3, 30, 100);
	}

	@Test
	void readersOfARingBoundByBytesShouldSeeWholeFramesAndExactPlaces() {
		Interleavings.check(BoundByBytes.class, 2, 3, 30, 100);
	}

	@Test
	void chunksShouldHoldWhatTheyNameWhileTheRingOverruns() {
		Interleavings.check(CachedChunks.class, 2, 3, 10, 80);
	}

	/**
	 * What is written down of a ring by its writer: every frame before it is added.
	 */
	abstract static class WrittenDown {

		static final int FRAMES = 8;

		static final Position BEGINNING = new Position(1, 1);

		final FrameRing ring;

		final Frame[] frames = new Frame[FRAMES];

		int count;

		/** The number of the last gap's frame. */
		int gap = -1;

		/** How many frames the ring holds at least, whatever their size. */
		private final int kept;

		WrittenDown(FrameRing ring, int kept) {
			this.ring = ring;
			this.kept = kept;
			ring.endOfLog(BEGINNING);
			add();
		}

		void add() {
			if (this.count < FRAMES) {
				// After a gap the offsets begin anew.
				long offset = ((this.gap < 0) ? 10 : 0) + 2L * this.count;
				this.frames[this.count] = frame(new Position(offset, this.count));
				this.ring.add(this.frames[this.count++]);
			}
		}

		void gap() {
			if (this.count < FRAMES) {
				this.frames[this.count] = frame(this.frames[this.count - 1].position());
				this.gap = this.count;
				this.ring.addGap(this.frames[this.count++]);
			}
		}

		private Frame frame(Position position) {
			byte[] bytes = ("" + this.count).getBytes(StandardCharsets.US_ASCII);
			return Frame.entry(position, bytes, 0, bytes.length);
		}

		void get(int sequence) {
			long before = this.ring.head();
			Frame frame = this.ring.get(sequence);
			long after = this.ring.head();
			check(frame == null || frame.equals(this.frames[sequence]), "foreign frame");
			check(frame != null || sequence >= before || after >= sequence + this.kept, "lost frame");
		}

		void end() {
			Place end = this.ring.end();
			Position last = (end.next() == 0) ? BEGINNING : this.frames[(int) end.next() - 1].position();
			check(last.equals(end.position()), "position of another frame");
			check(end.next() <= this.ring.head(), "end beyond the head");
			check(end.next() - 1 != this.gap, "gap skipped");
		}

		void sequenceAfter(int sequence) {
			if (sequence >= this.count) {
				return;
			}
			Position position = this.frames[sequence].position();
			long before = this.ring.head();
			long found = this.ring.sequenceAfter(position);
			long after = this.ring.head();
			if (found < 0) {
				boolean seen = sequence > this.gap && sequence < before && after < sequence + this.kept;
				check(!seen, "position not found");
			}
			else {
				check(position.equals(this.frames[(int) found - 1].position()), "another position found");
				// It bears the position that was asked for, but has not been told yet.
				check(found - 1 != this.gap, "gap skipped");
			}
		}

		static void check(boolean condition, String broken) {
			if (!condition) {
				throw new AssertionError(broken);
			}
		}

	}

	/**
	 * A ring of two frames.
	 */
	@Param(name = "sequence", gen = IntGen.class, conf = "0:4")
	public static class BoundByNumber extends WrittenDown {

		public BoundByNumber() {
			super(new FrameRing(2, 1_000), 2);
		}

		BoundByNumber(FrameRing ring, int kept) {
			super(ring, kept);
		}

		@Override
		@Operation(nonParallelGroup = "writer")
		public void add() {
			super.add();
		}

		@Override
		@Operation(nonParallelGroup = "writer")
		public void gap() {
			super.gap();
		}

		@Override
		@Operation
		public void get(@Param(name = "sequence") int sequence) {
			super.get(sequence);
		}

		@Override
		@Operation
		public void end() {
			super.end();
		}

		@Override
		@Operation
		public void sequenceAfter(@Param(name = "sequence") int sequence) {
			super.sequenceAfter(sequence);
		}

	}

	/**
	 * A ring of four frames that has room for the bytes of two.
	 */
	@Param(name = "sequence", gen = IntGen.class, conf = "0:4")
	public static class BoundByBytes extends BoundByNumber {

		public BoundByBytes() {
			super(new FrameRing(4, 2), 2);
		}

	}

	/**
	 * The loop of a cursor that reads what the writer overruns.
	 */
	@Param(name = "sequence", gen = IntGen.class, conf = "0:3")
	public static class CachedChunks extends WrittenDown {

		private final ChunkCache cache = new ChunkCache(this.ring, LiveFormat.SSE, new ChunkMemory());

		public CachedChunks() {
			super(new FrameRing(4, 1_000), 4);
		}

		@Override
		@Operation(nonParallelGroup = "writer")
		public void add() {
			super.add();
			super.add();
		}

		@Operation(nonParallelGroup = "loop")
		public void chunk(@Param(name = "sequence") int sequence) {
			long before = this.ring.head();
			if (sequence >= before) {
				return;
			}
			Chunk chunk = this.cache.get(sequence);
			if (chunk == null) {
				check(this.ring.head() >= sequence + 4, "outrun too early");
				return;
			}
			StringBuilder expected = new StringBuilder();
			for (int i = sequence; i < chunk.next(); i++) {
				expected.append(i);
			}
			check(expected.toString().equals(new String(chunk.data(), StandardCharsets.US_ASCII)), "other frames");
			check(this.frames[(int) chunk.next() - 1].position().equals(chunk.position()), "other position");
			check(chunk.next() >= before || this.ring.head() > sequence + 4, "not everything that is there");
		}

		@Validate
		public void clear() {
			this.cache.clear();
		}

	}

}
