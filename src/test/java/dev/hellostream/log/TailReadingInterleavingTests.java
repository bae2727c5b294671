package dev.hellostream.log;

import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * {@link TailReading} while entries are appended and evicted.
 */
public class TailReadingInterleavingTests {

	@Test
	void readerShouldSeeTheSequenceOrBeToldWhereItBreaks() {
		Interleavings.check(OneReader.class, 2, 3, 6, 25);
	}

	/**
	 * A log of two entries and one reader. One thread appends, the other is the reader's.
	 */
	public static final class OneReader {

		private static final List<ReceivedMessage> MESSAGES = MessageLogContract.numbers(1, 12)
			.stream()
			.map((number) -> MessageLogContract.message(number, null, false, null))
			.toList();

		private final MessageLog log = InMemoryLogs.bounded(2);

		private final List<LogItem> seen = new ArrayList<>();

		private final BaseSubscriber<LogItem> reader = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(1);
			}

			@Override
			protected void hookOnNext(LogItem item) {
				OneReader.this.seen.add(item);
			}

			@Override
			protected void hookOnComplete() {
				OneReader.this.complete = true;
			}

		};

		private boolean complete;

		private int appended;

		public OneReader() {
			append();
			this.log.read(ReadFrom.first()).subscribe(this.reader);
			append();
		}

		@Operation(nonParallelGroup = "writer")
		public void append() {
			if (this.appended < MESSAGES.size()) {
				this.log.append(MESSAGES.get(this.appended++)).subscribe();
			}
		}

		@Operation(nonParallelGroup = "reader")
		public void request() {
			this.reader.request(1);
		}

		@Validate
		public void nothingIsMissing() {
			boolean before = this.complete;
			this.reader.request(Long.MAX_VALUE);
			Interleavings.require(this.complete, "no end");
			Interleavings.require(before || lastSeen() == this.appended, "not told of the last entry");
			Interleavings.require(((CaughtUp) this.seen.get(this.seen.size() - 1)).position().offset() == lastSeen(),
					"another end");
		}

		/**
		 * The number of the last entry seen, if all before it were seen or told of.
		 */
		private long lastSeen() {
			long last = 0;
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

}
