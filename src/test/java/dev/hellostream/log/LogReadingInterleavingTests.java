package dev.hellostream.log;

import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.util.context.Context;

/**
 * {@link LogReading} while entries are appended and evicted.
 */
public class LogReadingInterleavingTests {

	@Test
	void readerShouldSeeTheSequenceOrBeToldWhereItBreaks() {
		Interleavings.check(OneReader.class, 2, 3, 5, 200);
	}

	@Test
	void readerAtTheEndShouldNotTakeWhatComesForAGap() {
		Interleavings.check(AtTheEnd.class, 2, 1, 1, 200);
	}

	@Test
	void readerAfterTheOldestShouldNotBeToldOfAGapThatIsNone() {
		Interleavings.check(AfterTheOldest.class, 2, 1, 3, 200);
	}

	/**
	 * A tail of two entries and one reader. One thread adds entries, the other reads.
	 */
	public static class OneReader {

		private final Tail tail = new Tail(1, 2, 100_000);

		private final List<LogItem> seen = new ArrayList<>();

		private final SynchronousSink<LogItem> sink = new SynchronousSink<>() {

			@Override
			public void next(LogItem item) {
				OneReader.this.seen.add(item);
			}

			@Override
			public void complete() {
				OneReader.this.inTail = false;
			}

			@Override
			public void error(Throwable failure) {
				throw new AssertionError(failure);
			}

			@Override
			@SuppressWarnings("deprecation")
			public Context currentContext() {
				return Context.empty();
			}

		};

		private final LogReading reading;

		private boolean inTail;

		private int added;

		private final long start;

		public OneReader() {
			this(ReadFrom.first(), 0);
			// The first call finds the place, the second one reads the entry.
			read();
			read();
			add();
		}

		OneReader(ReadFrom from, long start) {
			this.start = start;
			this.tail.begin(TailTests.position(0), List.of());
			add();
			this.reading = new LogReading(this.tail, (after) -> Flux.empty(), from);
		}

		@Operation(nonParallelGroup = "writer")
		public void add() {
			this.tail.add(TailTests.entry(++this.added, ""));
		}

		@Operation(nonParallelGroup = "reader")
		public void read() {
			if (!this.reading.isUnfinished()) {
				return;
			}
			if (this.inTail || this.reading.findInTail()) {
				this.inTail = true;
				this.reading.tell(this.sink);
			}
			else {
				Position place = this.reading.place();
				this.reading.take((place != null) ? new Gap(place, null) : new CaughtUp(this.tail.floor()));
			}
		}

		@Validate
		public void nothingIsMissing() {
			boolean before = !this.reading.isUnfinished();
			for (int i = 0; i < 20; i++) {
				read();
			}
			Interleavings.require(!this.reading.isUnfinished(), "no end");
			Interleavings.require(before || lastSeen() == this.added, "not told of the last entry");
			Interleavings.require(((CaughtUp) this.seen.get(this.seen.size() - 1)).position().offset() == lastSeen(),
					"another end");
		}

		/**
		 * The number of the last entry that was read, if all entries before it were read
		 * or reported as a gap.
		 */
		private long lastSeen() {
			long last = this.start;
			boolean gap = false;
			for (LogItem item : this.seen) {
				if (item instanceof Entry entry) {
					Interleavings.require(entry.offset() == last + 1, "out of sequence");
					last = entry.offset();
					gap = false;
				}
				else if (item instanceof Gap told) {
					Interleavings.require(told.asked().offset() == last, "gap elsewhere");
					Interleavings.require(told.first() != null && told.first().offset() > last + 1,
							"gap where nothing is missing");
					last = told.first().offset() - 1;
					gap = true;
				}
			}
			Interleavings.require(!gap, "gap that nothing follows");
			return last;
		}

	}

	/**
	 * The same with a reader that has not begun, and continues after the oldest entry.
	 */
	public static final class AfterTheOldest extends OneReader {

		public AfterTheOldest() {
			super(ReadFrom.after(TailTests.position(1)), 1);
			add();
		}

	}

	/**
	 * The same with a reader that has read all entries.
	 */
	public static final class AtTheEnd extends OneReader {

		public AtTheEnd() {
			read();
		}

	}

}
