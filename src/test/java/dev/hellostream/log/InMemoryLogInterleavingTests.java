package dev.hellostream.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

/**
 * A reader of {@link InMemoryMessageLog} while entries are appended and evicted.
 */
public class InMemoryLogInterleavingTests {

	@Test
	void readerThatComesToRestShouldNotMissAnAppend() {
		Interleavings.check(OneReader.class, 2, 1, 3, 60);
	}

	@Test
	void readerShouldSeeTheSequenceOrBeToldWhereItBreaks() {
		Interleavings.check(OneReader.class, 2, 3, 6, 25);
	}

	/**
	 * A log of two entries and one reader. One thread appends, one is the reader's; a
	 * third may take the place of either and ask for more.
	 */
	public static final class OneReader {

		private static final List<ReceivedMessage> MESSAGES = MessageLogContract.numbers(0, 8)
			.stream()
			.map((number) -> MessageLogContract.message(number, null, false, null))
			.toList();

		private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

		private final MessageLog log = InMemoryLogs.bounded(2, Schedulers.fromExecutor((task) -> this.tasks.add(task)));

		private final List<LogItem> seen = new ArrayList<>();

		private final BaseSubscriber<LogItem> reader = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(OneReader.this.requested);
			}

			@Override
			protected void hookOnNext(LogItem item) {
				OneReader.this.seen.add(item);
			}

		};

		private int requested = 5;

		private int appended;

		public OneReader() {
			append();
			this.log.read(ReadFrom.first()).subscribe(this.reader);
			emit();
			// The reader has been woken and has not looked yet, which is where a wake-up
			// is lost.
			append();
		}

		@Operation(nonParallelGroup = "writer")
		public void append() {
			this.log.append(MESSAGES.get(this.appended++)).subscribe();
		}

		@Operation(nonParallelGroup = "reader")
		public void emit() {
			Runnable task = this.tasks.poll();
			if (task != null) {
				task.run();
			}
		}

		@Operation(nonParallelGroup = "client")
		public void request() {
			this.requested++;
			this.reader.request(1);
		}

		@Validate
		public void nothingIsMissing() {
			emitAll();
			require(this.seen.size() == this.requested || lastSeen() == this.appended, "lost wake-up");
			this.reader.request(Long.MAX_VALUE);
			emitAll();
			require(lastSeen() == this.appended, "not told of the last entry");
		}

		private void emitAll() {
			for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
				task.run();
			}
		}

		/**
		 * The number after the last entry seen, if all before it were seen or told of.
		 */
		private int lastSeen() {
			int next = -1;
			for (LogItem item : this.seen) {
				if (item instanceof LogEntry entry) {
					int number = Integer.parseInt(new String(entry.message().body(), StandardCharsets.US_ASCII));
					require(number == next || next == -1, "out of sequence");
					next = number + 1;
				}
				else if (item instanceof Gap gap) {
					require(gap.first() != null && gap.first().offset() > next + 1, "gap where nothing is missing");
					next = (int) gap.first().offset() - 1;
				}
			}
			return next;
		}

		private static void require(boolean condition, String broken) {
			if (!condition) {
				throw new AssertionError(broken);
			}
		}

	}

}
