package dev.hellostream.log;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Readers of a {@link Tail} while its writer adds and evicts entries.
 */
public class TailInterleavingTests {

	@Test
	void readersOfATailBoundByNumberShouldSeeWholeEntriesAndExactPlaces() {
		Interleavings.check(BoundByNumber.class, 2, 3, 30, 100);
	}

	@Test
	void readersOfATailOfOneEntryShouldAlwaysFindOne() {
		Interleavings.check(OneEntry.class, 2, 3, 30, 100);
	}

	@Test
	void readersOfATailThatGrowsShouldSeeWholeEntriesAndExactPlaces() {
		Interleavings.check(Growing.class, 2, 3, 30, 100);
	}

	@Test
	void readersOfASlotThatIsGivenAwayShouldNotTakeOneEntryForAnother() {
		Interleavings.check(ReusedSlot.class, 2, 1, 3, 200);
	}

	@Test
	void readersOfATailBoundByBytesShouldSeeWholeEntriesAndExactPlaces() {
		Interleavings.check(BoundByBytes.class, 2, 3, 30, 100);
	}

	/**
	 * A tail whose writer records every position before it is added.
	 */
	public abstract static class WrittenDown {

		private static final int ITEMS = 10;

		protected final Tail tail;

		/** By sequence; for a beginning, the position that it begins after. */
		protected final Position[] positions = new Position[ITEMS];

		protected int count;

		/** The sequence of the last beginning. */
		private int beginning;

		/** The minimum number of items in the tail, whatever their size. */
		private final int kept;

		protected WrittenDown(Tail tail, int kept) {
			this.tail = tail;
			this.kept = kept;
			begin();
		}

		protected void add() {
			if (this.count < ITEMS) {
				this.tail.add(entry());
			}
		}

		/** Begin the tail again, with an entry. */
		protected void begin() {
			if (this.count < ITEMS - 1) {
				Position floor = new Position(this.count, -this.count);
				this.positions[this.count] = floor;
				this.beginning = this.count++;
				this.tail.begin(floor, List.of(entry()));
			}
		}

		private Entry entry() {
			// After another beginning, the offsets are lower, as in a new log.
			long offset = ((this.beginning == 0) ? 10 : 0) + 2L * this.count;
			this.positions[this.count] = new Position(offset, this.count);
			byte[] bytes = ("" + this.count).getBytes(StandardCharsets.US_ASCII);
			return new Entry(offset, this.count++, bytes, 0);
		}

		void get(int sequence) {
			long before = this.tail.head();
			Entry entry = this.tail.get(sequence);
			long after = this.tail.head();
			Interleavings.require(entry == null || entry.position().equals(this.positions[sequence]), "foreign entry");
			boolean lost = entry == null && sequence < before && after < sequence + this.kept;
			Interleavings.require(!lost || isBeginning(sequence), "lost entry");
		}

		protected boolean isBeginning(int sequence) {
			return this.positions[sequence].tag() <= 0;
		}

		void end() {
			Tail.End end = this.tail.end();
			Interleavings.require(this.positions[(int) end.next() - 1].equals(end.position()),
					"position of another entry");
			Interleavings.require(end.next() <= this.tail.head(), "end beyond the head");
		}

		void after(int sequence) {
			if (sequence >= this.count) {
				return;
			}
			Position position = this.positions[sequence];
			int beginning = this.beginning;
			long before = this.tail.head();
			long found = this.tail.after(position);
			long after = this.tail.head();
			if (found < 0) {
				boolean seen = sequence >= Math.max(beginning, this.beginning) && sequence < before
						&& after < sequence + this.kept;
				Interleavings.require(!seen, "position not found");
			}
			else {
				Interleavings.require(position.equals(this.positions[(int) found - 1]), "another position found");
			}
		}

	}

	/**
	 * A tail of two items.
	 */
	@Param(name = "sequence", gen = IntGen.class, conf = "0:4")
	public static class BoundByNumber extends WrittenDown {

		public BoundByNumber() {
			super(new Tail(1, 2, 100_000), 2);
		}

		BoundByNumber(Tail tail, int kept) {
			super(tail, kept);
		}

		@Override
		@Operation(nonParallelGroup = "writer")
		public void add() {
			super.add();
		}

		@Override
		@Operation(nonParallelGroup = "writer")
		public void begin() {
			super.begin();
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
		public void after(@Param(name = "sequence") int sequence) {
			super.after(sequence);
		}

	}

	/**
	 * A tail of five items that has one slot at first.
	 */
	@Param(name = "sequence", gen = IntGen.class, conf = "0:4")
	public static class Growing extends BoundByNumber {

		public Growing() {
			super(new Tail(1, 5, 100_000), 5);
		}

	}

	/**
	 * A tail of one item in two slots. The reader looks for the first entry.
	 */
	public static final class ReusedSlot extends WrittenDown {

		public ReusedSlot() {
			super(new Tail(2, 1, 100_000), 1);
		}

		/** Add two entries. The second one takes the slot of the first entry of all. */
		@Operation(nonParallelGroup = "writer")
		public void addTwice() {
			add();
			add();
		}

		@Operation(nonParallelGroup = "reader")
		public void getFirst() {
			get(1);
		}

	}

	/**
	 * A tail of one item.
	 */
	@Param(name = "sequence", gen = IntGen.class, conf = "0:4")
	public static class OneEntry extends BoundByNumber {

		public OneEntry() {
			super(new Tail(1, 1, 100_000), 1);
		}

		@Operation
		public void first() {
			long first = this.tail.first();
			Entry entry = this.tail.get(first);
			Interleavings.require(entry != null || this.tail.first() > first, "nothing to read");
		}

	}

	/**
	 * A tail of four items that has room for the bytes of two entries.
	 */
	@Param(name = "sequence", gen = IntGen.class, conf = "0:4")
	public static class BoundByBytes extends BoundByNumber {

		public BoundByBytes() {
			super(new Tail(1, 4, 2 * (Entry.OVERHEAD + 1)), 2);
		}

	}

}
