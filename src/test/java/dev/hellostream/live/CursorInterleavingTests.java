package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.hellostream.log.CatchUpPermits;
import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Entry;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.Tail;
import dev.hellostream.testing.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@link Cursor}, {@link CursorLoop} and {@link CatchUp} while other threads append, read
 * the log, and close cursors.
 */
public class CursorInterleavingTests {

	private static final Position BEGINNING = new Position(1, 1);

	private static final LiveSettings SETTINGS = new LiveSettings(Duration.ofHours(1), Duration.ofHours(1), 10, 10, 16,
			1000);

	@Test
	void everyFrameShouldBeServedWithoutAnotherWakeUp() {
		Interleavings.check(WakeUps.class, 2, 3, 6, 100);
	}

	@Test
	void cursorThatIsClosedShouldLeaveNothingBehindWheneverThatComes() {
		Interleavings.check(Departures.class, 3, 3, 6, 40);
	}

	private static CursorLoop loop(HandDrivenExecutor executor, Tail tail, MessageLog log, CatchUpPermits permits,
			ChunkMemory memory) {
		return new CursorLoop(executor, new LogSource(tail, Long.MAX_VALUE, log, permits, memory), SETTINGS, () -> {
		});
	}

	/**
	 * One thread appends, the other is the loop.
	 */
	public static final class WakeUps {

		private final ChunkMemory memory = new ChunkMemory();

		private final Tail tail = new Tail(16, 10_000);

		private final HandDrivenExecutor executor = new HandDrivenExecutor();

		private final CursorLoop loop = loop(this.executor, this.tail, new SilentLog(), new CatchUpPermits(1),
				this.memory);

		private final RecordingOutlet outlet = new RecordingOutlet(this.executor);

		private int appended;

		public WakeUps() {
			this.tail.begin(BEGINNING, List.of());
			Cursor cursor = this.outlet.cursor(this.loop, LiveFormat.SSE,
					Place.of(SmallLiveStreams.live(), this.loop.source()));
			cursor.open();
			this.executor.runAll();
			// The loop has been woken but has not run yet: a wake-up can be lost here.
			append();
		}

		@Operation(nonParallelGroup = "writer")
		public void append() {
			byte[] bytes = ("" + this.appended++).getBytes(StandardCharsets.US_ASCII);
			this.tail.add(new Entry(10 + this.appended, 0, bytes, 0));
			this.loop.wake();
		}

		@Operation(nonParallelGroup = "loop")
		public void serve() {
			this.executor.runNext();
		}

		@Validate
		public void everythingAppendedIsWritten() {
			this.executor.runAll();
			StringBuilder expected = new StringBuilder();
			for (int i = 0; i < this.appended; i++) {
				expected.append(i);
			}
			Interleavings.require(expected.toString().equals(this.outlet.written()), "lost wake-up");
			this.loop.finish((format) -> new byte[0]);
			this.executor.runAll();
			Interleavings.require(this.memory.used() == 0, "chunk not released");
		}

	}

	/**
	 * Three subscribers before the tail come and go while they share the one permit to
	 * read the log. One thread is the loop, one the log, one the clients.
	 */
	@Param(name = "client", gen = IntGen.class, conf = "0:2")
	public static final class Departures {

		private static final int CLIENTS = 3;

		private final Tail tail = new Tail(16, 10_000);

		private final HandDrivenExecutor executor = new HandDrivenExecutor();

		private final CatchUpPermits permits = new CatchUpPermits(1);

		private final SilentLog log = new SilentLog();

		private final CursorLoop loop = loop(this.executor, this.tail, this.log, this.permits, new ChunkMemory());

		private final List<RecordingOutlet> outlets = new ArrayList<>();

		private final boolean[] closed = new boolean[CLIENTS];

		public Departures() {
			this.tail.begin(BEGINNING, List.of());
			for (int i = 0; i < CLIENTS; i++) {
				RecordingOutlet outlet = new RecordingOutlet(this.executor);
				Cursor cursor = outlet.cursor(this.loop, LiveFormat.SSE, new Place(-1, null, null));
				this.outlets.add(outlet);
				if (i > 0) {
					cursor.open();
				}
				else {
					// One client leaves before its cursor is opened.
					outlet.leave();
					this.closed[0] = true;
					cursor.open();
				}
			}
		}

		@Operation(nonParallelGroup = "loop")
		public void serve() {
			this.executor.runNext();
		}

		@Operation(nonParallelGroup = "log")
		public void catchUp() {
			this.log.sayCaughtUp();
		}

		@Operation(nonParallelGroup = "clients")
		public void leave(@Param(name = "client") int client) {
			if (!this.closed[client]) {
				this.closed[client] = true;
				this.outlets.get(client).leave();
			}
		}

		@Validate
		public void nothingIsLeftOfThoseWhoLeft() {
			settle();
			Interleavings.require(this.log.open.get() <= 1, "more readers than permits");
			for (int i = 0; i < CLIENTS; i++) {
				leave(i);
			}
			settle();
			Interleavings.require(this.log.open.get() == 0, "reader left behind");
			boolean[] granted = new boolean[1];
			this.permits.acquire(() -> granted[0] = true);
			Interleavings.require(granted[0] && !this.permits.isContended(), "permit left behind");
			this.loop.finish((format) -> new byte[0]);
			this.executor.runAll();
			for (RecordingOutlet outlet : this.outlets) {
				Interleavings.require(outlet.completions() == 0 && outlet.closings() == 1, "cursor left behind");
			}
		}

		private void settle() {
			for (int i = 0; i < 2 * CLIENTS; i++) {
				this.executor.runAll();
				this.log.sayCaughtUp();
			}
			this.executor.runAll();
		}

	}

	/**
	 * An empty log with one reader at a time, which reports the end when the test says
	 * so.
	 */
	private static final class SilentLog implements MessageLog {

		private volatile @Nullable Reader reader;

		private final AtomicInteger open = new AtomicInteger();

		@Override
		public Flux<LogItem> read(ReadFrom from) {
			return Flux.from((subscriber) -> {
				this.open.incrementAndGet();
				subscriber.onSubscribe(new Reader(subscriber));
			});
		}

		void sayCaughtUp() {
			Reader reader = this.reader;
			this.reader = null;
			if (reader != null) {
				reader.subscriber.onNext(new CaughtUp(BEGINNING));
				reader.cancel();
				reader.subscriber.onComplete();
			}
		}

		@Override
		public Tail tail() {
			throw new UnsupportedOperationException();
		}

		@Override
		public long hidden() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Mono<Position> append(ReceivedMessage message) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Mono<LogItem> find(Position position) {
			throw new UnsupportedOperationException();
		}

		private final class Reader implements Subscription {

			private final Subscriber<? super LogItem> subscriber;

			private final AtomicBoolean ended = new AtomicBoolean();

			Reader(Subscriber<? super LogItem> subscriber) {
				this.subscriber = subscriber;
			}

			@Override
			public void request(long count) {
				SilentLog.this.reader = this;
			}

			@Override
			public void cancel() {
				if (this.ended.compareAndSet(false, true)) {
					SilentLog.this.open.decrementAndGet();
				}
			}

		}

	}

}
