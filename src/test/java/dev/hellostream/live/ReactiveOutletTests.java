package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

import dev.hellostream.log.CatchUpPermits;
import dev.hellostream.log.InMemoryLogs;
import dev.hellostream.log.Tail;
import dev.hellostream.log.TailTests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactiveOutlet}.
 */
class ReactiveOutletTests {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private final DefaultDataBufferFactory buffers = DefaultDataBufferFactory.sharedInstance;

	private final HandDrivenExecutor executor = new HandDrivenExecutor();

	private final Tail tail = new Tail(64, Long.MAX_VALUE);

	private final CursorLoop loop = new CursorLoop(this.executor,
			new LogSource(this.tail, Long.MAX_VALUE, InMemoryLogs.bounded(1), new CatchUpPermits(1), new ChunkMemory()),
			new LiveSettings(Duration.ofHours(1), Duration.ZERO, 1, 1, 16, 1000), () -> {
			});

	private final Disposable.Swap connection = Disposables.swap();

	private final ReactiveOutlet outlet = new ReactiveOutlet(this.executor, this.buffers, this.connection);

	private int closings;

	private Flux<String> written;

	@BeforeEach
	void serve() {
		this.tail.begin(TailTests.position(0), List.of());
		Cursor cursor = new Cursor(this.loop, LiveFormat.SSE, this.outlet,
				Place.of(SmallLiveStreams.live(), this.loop.source()), () -> this.closings++);
		this.written = Flux.from(this.outlet.body(this.buffers.wrap(bytes("start")), cursor))
			.map((group) -> Flux.from(group).blockFirst(LIMIT).toString(StandardCharsets.US_ASCII))
			.doFinally((signal) -> this.outlet.responseEnded());
	}

	@AfterEach
	void finish() {
		this.loop.finish((format) -> bytes("bye"));
		this.executor.runAll();
	}

	@Test
	void everyRequestShouldAllowOneChunkAndNoMore() {
		TestSubscriber<String> client = TestSubscriber.builder().initialRequest(1).build();
		this.written.subscribe(client);
		add("a");
		assertThat(client.getReceivedOnNext()).containsExactly("start");
		request(client, 1);
		assertThat(client.getReceivedOnNext()).containsExactly("start", "a");
		add("b");
		add("c");
		assertThat(client.getReceivedOnNext()).hasSize(2);
		request(client, 2);
		assertThat(client.getReceivedOnNext()).containsExactly("start", "a", "bc");
		add("d");
		add("e");
		assertThat(client.getReceivedOnNext()).containsExactly("start", "a", "bc", "d");
		client.cancel();
		this.executor.runAll();
		assertThat(client.getProtocolErrors()).isEmpty();
		assertThat(this.closings).isOne();
	}

	private void request(TestSubscriber<String> client, int count) {
		client.request(count);
		this.executor.runAll();
	}

	@Test
	void finishedStreamShouldSayItsLastWordsAndComplete() {
		StepVerifier.create(this.written)
			.expectNext("start")
			.then(() -> add("a"))
			.expectNext("a")
			.then(this::finish)
			.expectNext("bye")
			.expectComplete()
			.verify(LIMIT);
		this.executor.runAll();
		assertThat(this.closings).isOne();
	}

	@Test
	void subscriberThatTakesNothingShouldBeCut() {
		StepVerifier.create(this.written, 2)
			.expectNext("start")
			.then(() -> add("a"))
			.expectNext("a")
			.then(() -> add("b"))
			.then(this.executor::fireTimers)
			.expectError(CancellationException.class)
			.verify(LIMIT);
		this.executor.runAll();
		assertThat(this.closings).isOne();
	}

	private void add(String text) {
		this.tail.add(TailTests.entry(this.tail.head(), text));
		this.loop.wake();
		this.executor.runAll();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
