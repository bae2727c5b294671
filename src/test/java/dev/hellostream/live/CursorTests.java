package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.hellostream.log.CatchUpPermits;
import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.Tail;
import dev.hellostream.log.TailTests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Cursor}, {@link CursorLoop} and {@link CatchUp}.
 */
class CursorTests {

	private static final long NEAR_BYTES = 1024 * 1024;

	private final HandDrivenExecutor executor = new HandDrivenExecutor();

	private final Tail tail = new Tail(64, Long.MAX_VALUE);

	private final MessageLog log = Mockito.mock(MessageLog.class);

	private final ChunkMemory memory = new ChunkMemory();

	private final CursorLoop loop = new CursorLoop(this.executor,
			new LogSource(this.tail, NEAR_BYTES, this.log, new CatchUpPermits(1), this.memory),
			new LiveSettings(Duration.ofHours(1), Duration.ofHours(1), 10, 10, 16, 1000), () -> {
			});

	@AfterEach
	void everythingIsReleased() {
		this.loop.finish((format) -> new byte[0]);
		this.executor.runAll();
		this.executor.fireTimers();
		this.executor.runAll();
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void streamShouldGoOnWhereTheGapSaysThoughTheTailKnowsWhatItMisses() {
		Sinks.Many<LogItem> items = Sinks.many().unicast().onBackpressureBuffer();
		BDDMockito.given(this.log.read(ReadFrom.after(position(5)))).willReturn(items.asFlux());
		RecordingOutlet client = subscribe(new Place(-1, position(5), null));
		items.tryEmitNext(new Gap(position(5), position(9)));
		// As in a RabbitMQ stream, which can be ahead of the tail.
		add(5);
		add(6);
		items.tryEmitNext(entry(9));
		this.executor.runAll();
		for (int offset = 7; offset < 12; offset++) {
			add(offset);
		}
		assertThat(client.written()).matches("(?s)event: gap\n.*id: 9\\..*\n\ntail 10\ntail 11\n");
	}

	@Test
	void streamShouldBeToldOfAnotherLogWithoutAskingIt() {
		this.tail.begin(position(0), List.of());
		RecordingOutlet client = subscribe(end());
		add(7);
		this.tail.beginAnother(position(0), List.of(entry(1)));
		this.executor.runAll();
		add(2);
		assertThat(client.written())
			.matches("(?s)tail 7\nevent: gap\ndata: .*\"asked\":\"7\\..*\"first\":\"1\\..*\n\nid: 1\\..*\n\ntail 2\n");
		BDDMockito.then(this.log).should(Mockito.never()).read(Mockito.any());
	}

	@Test
	void streamShouldGoOnInTheTailWhereTheLogEnds() {
		BDDMockito.given(this.log.read(ReadFrom.first()))
			.willReturn(Flux.<LogItem>just(entry(3), entry(4), new CaughtUp(position(4))).concatWith(Flux.never()));
		add(4);
		add(5);
		RecordingOutlet client = subscribe(new Place(-1, null, null));
		add(6);
		assertThat(client.written()).matches("(?s)id: 3\\..*\n\nid: 4\\..*\n\ntail 5\ntail 6\n");
	}

	@Test
	void streamShouldReadOnWhenSoMuchHasComeThatItIsBehindAgain() {
		this.tail.begin(position(0), List.of());
		BDDMockito.given(this.log.read(ReadFrom.first()))
			.willReturn(Flux.<LogItem>just(entry(3), new CaughtUp(position(3)))
				.doOnComplete(() -> IntStream.range(3, 7).forEach(this::addLarge)));
		BDDMockito.given(this.log.read(ReadFrom.after(position(3))))
			.willReturn(Flux.<LogItem>just(entry(4), entry(5), new CaughtUp(position(5))));
		RecordingOutlet client = subscribe(new Place(-1, null, null));
		assertThat(client.written()).matches("(?s)id: 3\\..*\n\nid: 4\\..*\n\nid: 5\\..*\n\n6x*");
	}

	@Test
	void streamThatFallsFarBehindShouldReadTheLog() {
		this.tail.begin(position(0), List.of());
		BDDMockito.given(this.log.read(ReadFrom.after(position(1))))
			.willReturn(Flux.<LogItem>just(entry(2), entry(5), new CaughtUp(position(5))));
		RecordingOutlet client = subscribe(end());
		client.stick();
		add(1);
		IntStream.range(2, 7).forEach(this::addLarge);
		client.unstick();
		this.executor.runAll();
		assertThat(client.written()).matches("(?s)tail 1\nid: 2\\..*\n\nid: 5\\..*\n\n6x*");
	}

	@Test
	void subscriberThatHasMuchToReadShouldGiveOthersTheirTurn() {
		BDDMockito.given(this.log.read(Mockito.any())).willReturn(endless());
		List<RecordingOutlet> clients = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			clients.add(subscribe(new Place(-1, null, null), 0));
		}
		for (int i = 0; i < 1_000; i++) {
			this.executor.runNext();
		}
		assertThat(clients).allMatch((client) -> !client.written().isEmpty());
		clients.forEach(RecordingOutlet::leave);
	}

	@Test
	void streamShouldOpenOnceTheLogIsAtHand() {
		RecordingOutlet client = subscribe(end());
		this.loop.wake();
		this.executor.runAll();
		assertThat(client.written()).isEmpty();
		this.tail.begin(position(4), List.of());
		add(5);
		assertThat(client.written()).matches("(?s)retry: .*id: 5\\.\\S+\nevent: start\n.*");
		add(6);
		assertThat(client.written()).endsWith("\n\ntail 6\n");
	}

	@Test
	void subscribersThatAreBehindInTheTailShouldTakeTurns() {
		this.tail.begin(position(0), List.of());
		List<String> writers = new ArrayList<>();
		for (String name : List.of("a", "b")) {
			RecordingOutlet client = new RecordingOutlet(this.executor) {

				@Override
				void taken(byte[] data) {
					writers.add(name);
				}

			};
			client.cursor(this.loop, LiveFormat.SSE, end()).open();
		}
		this.executor.runAll();
		byte[] halfAChunk = new byte[ChunkMemory.CHUNK_LIMIT / 2];
		for (int offset = 1; offset <= 6; offset++) {
			this.tail.add(new Entry(offset, position(offset).tag(), halfAChunk, 0));
		}
		this.loop.wake();
		this.executor.runAll();
		assertThat(writers).containsExactly("a", "b", "a", "b", "a", "b");
	}

	@Test
	void subscriberThatIsStuckShouldGiveOthersItsTurn() {
		BDDMockito.given(this.log.read(Mockito.any()))
			.willReturn(Flux.<LogItem>just(entry(1)).concatWith(Flux.never()));
		RecordingOutlet stuck = subscribe(new Place(-1, null, null), 0);
		stuck.stick();
		this.executor.runAll();
		RecordingOutlet next = subscribe(new Place(-1, null, null));
		assertThat(next.written()).isEmpty();
		this.executor.fireTimers();
		this.executor.runAll();
		assertThat(next.written()).startsWith("id: 1.");
		stuck.unstick();
		stuck.leave();
		next.leave();
	}

	@Test
	void loopShouldForgetWhoeverHasLeft() {
		List<RecordingOutlet> clients = new ArrayList<>();
		this.tail.begin(position(0), List.of());
		for (int i = 0; i < 10; i++) {
			clients.add(subscribe(end()));
		}
		clients.subList(3, 10).forEach(RecordingOutlet::leave);
		this.executor.runAll();
		List<LiveFormat> told = new ArrayList<>();
		this.loop.finish((format) -> {
			told.add(format);
			return new byte[0];
		});
		this.executor.runAll();
		assertThat(told).hasSize(3);
		assertThat(clients).extracting(RecordingOutlet::completions).containsExactly(1, 1, 1, 0, 0, 0, 0, 0, 0, 0);
	}

	@Test
	void whoeverComesAfterTheEndShouldBeSentHome() {
		this.tail.begin(position(0), List.of());
		this.loop.finish((format) -> "bye".getBytes(StandardCharsets.US_ASCII));
		RecordingOutlet late = subscribe(end());
		assertThat(late.written()).isEqualTo("bye");
		assertThat(late.completions()).isOne();
	}

	private RecordingOutlet subscribe(Place start) {
		return subscribe(start, Integer.MAX_VALUE);
	}

	private RecordingOutlet subscribe(Place start, int steps) {
		RecordingOutlet client = new RecordingOutlet(this.executor);
		client.cursor(this.loop, LiveFormat.SSE, start).open();
		for (int i = 0; i < steps && this.executor.runNext(); i++) {
			assertThat(i).as("steps until nothing is left to do").isLessThan(10_000);
		}
		return client;
	}

	private void add(int offset) {
		this.tail.add(TailTests.entry(offset, "tail " + offset + "\n"));
		this.loop.wake();
		this.executor.runAll();
	}

	/** Three of these entries weigh more than NEAR_BYTES. */
	private void addLarge(int offset) {
		this.tail.add(TailTests.entry(offset, offset + "x".repeat((int) NEAR_BYTES / 3)));
		this.loop.wake();
	}

	private static Flux<LogItem> endless() {
		return Flux.generate(() -> 1, (offset, sink) -> {
			sink.next(entry(offset));
			return offset + 1;
		});
	}

	private static Entry entry(int offset) {
		return Entry.of(position(offset),
				new ReceivedMessage(Instant.EPOCH, null, null, false, null, null, "hello", Map.of(), new byte[1_000]));
	}

	private Place end() {
		return Place.of(SmallLiveStreams.live(), this.loop.source());
	}

	private static Position position(int offset) {
		return TailTests.position(offset);
	}

}
