package dev.hellostream.log.stream;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

/**
 * {@link LogReader} while something is appended and more is requested.
 */
public class LogReaderInterleavingTests {

	@Test
	void readerThatComesToRestShouldNotMissAnAppend() {
		Interleavings.check(OneReader.class, 2, 1, 3, 60);
	}

	/**
	 * A counter for a log, and one reader. One thread appends, one is the reader's; a
	 * third may take the place of either and ask for more.
	 */
	public static final class OneReader {

		private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

		private final Set<LogReader> readers = ConcurrentHashMap.newKeySet();

		private final AtomicInteger appended = new AtomicInteger();

		private final BaseSubscriber<LogItem> subscriber = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(OneReader.this.requested);
			}

			@Override
			protected void hookOnNext(LogItem item) {
				Interleavings.require(item.position().offset() == OneReader.this.seen++, "out of sequence");
			}

		};

		private int seen;

		private int requested = 5;

		public OneReader() {
			append();
			this.subscriber.onSubscribe(new LogReader(this.readers, this.subscriber,
					Schedulers.fromExecutor((task) -> this.tasks.add(task))) {

				private int next;

				@Override
				int fill(LogItem[] batch) {
					int count = Math.min(batch.length, OneReader.this.appended.get() - this.next);
					for (int i = 0; i < count; i++) {
						batch[i] = new CaughtUp(new Position(this.next++, 0));
					}
					return count;
				}

			});
			emit();
			// The reader has been woken and has not looked yet, which is where a wake-up
			// is lost.
			append();
		}

		@Operation(nonParallelGroup = "writer")
		public void append() {
			this.appended.incrementAndGet();
			this.readers.forEach(LogReader::drain);
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
			this.subscriber.request(1);
		}

		@Validate
		public void nothingIsMissing() {
			emitAll();
			Interleavings.require(this.seen == Math.min(this.requested, this.appended.get()), "lost wake-up");
			this.subscriber.request(Long.MAX_VALUE);
			emitAll();
			Interleavings.require(this.seen == this.appended.get(), "not told of the last entry");
		}

		private void emitAll() {
			for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
				task.run();
			}
		}

	}

}
