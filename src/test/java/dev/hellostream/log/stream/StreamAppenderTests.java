package dev.hellostream.log.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.NotPublishedException;
import dev.hellostream.amqp.Publication;
import dev.hellostream.amqp.TooLargeException;
import dev.hellostream.amqp.UnconfirmedException;
import dev.hellostream.amqp.UnencodableException;
import dev.hellostream.log.MessageLogContract;
import dev.hellostream.log.Position;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link StreamAppender}, with a broker that confirms and fails as each test
 * says.
 */
class StreamAppenderTests {

	private final ConfirmingPublisher publisher = mock(ConfirmingPublisher.class);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final StreamAppender appender = new StreamAppender(this.publisher, "stream", this.time);

	private final List<Publication> written = new ArrayList<>();

	private final List<Sinks.Empty<Void>> results = new ArrayList<>();

	private long offset;

	@BeforeEach
	void recordWrites() {
		given(this.publisher.publish(any())).willAnswer((call) -> Mono.defer(() -> {
			this.written.add(call.getArgument(0));
			this.results.add(Sinks.empty());
			return this.results.get(this.results.size() - 1).asMono();
		}));
	}

	@Test
	void appendBeforeTheStreamIsThereShouldWait() {
		send("a");
		assertThat(this.written).isEmpty();
		this.appender.begin();
		assertThat(bodies()).containsExactly("a");
	}

	@Test
	void firstAppendShouldGoAloneAndTheOthersTogether() {
		open();
		send("b");
		send("c");
		assertThat(bodies()).containsExactly("a", "b", "c");
	}

	@Test
	void appendShouldCompleteWhenItIsReadBack() {
		this.appender.begin();
		CompletableFuture<Position> first = append("a");
		confirm(0);
		assertThat(first).as("confirmed").isNotDone();
		readBack(0);
		assertThat(first).isCompletedWithValue(new Position(1, 0));
	}

	@Test
	void appendsWhenOneFailsShouldBeWrittenAgainInOrderTheFirstOneAlone() {
		open();
		send("b");
		send("c");
		send("d");
		fail(1, new NotPublishedException("returned"));
		send("e");
		confirm(2);
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(bodies()).as("while d is under way").containsExactly("a", "b", "c", "d");
		fail(3, new UnconfirmedException("lost"));
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(bodies().subList(4, 5)).containsExactly("b");
		confirm(4);
		assertThat(bodies().subList(5, 7)).as("all but c, which is confirmed").containsExactly("d", "e");
		assertThat(name(4)).isEqualTo(name(1)).isNotEqualTo(name(2));
	}

	@Test
	void appendWhenItFailsAgainAndAgainShouldBeTriedAtLongerIntervals() {
		open();
		send("b");
		for (int i = 1; i <= 10; i++) {
			fail(i, new NotPublishedException("returned"));
			this.time.advanceTimeBy(Duration.ofSeconds(5));
			assertThat(this.written).hasSize(i + 2);
		}
		fail(11, new NotPublishedException("returned"));
		this.time.advanceTimeBy(Duration.ofSeconds(4));
		assertThat(this.written).hasSize(12);
	}

	@Test
	void appendWhenItIsReadBackWithoutAConfirmShouldNotBeWrittenAgain() {
		open();
		CompletableFuture<Position> unconfirmed = append("b");
		readBack(0);
		readBack(1);
		fail(1, new UnconfirmedException("lost"));
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(unconfirmed).isCompleted();
		send("c");
		assertThat(bodies()).containsExactly("a", "b", "c");
	}

	@Test
	void appendThatWasConfirmedAndIsNotThereShouldBeWrittenAgain() {
		open();
		send("b");
		confirm(1);
		readBack(1);
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(bodies()).containsExactly("a", "b", "a");
	}

	@Test
	void appendThatHasExpiredBeforeItIsReadBackShouldCompleteAndNotBeWrittenAgain() {
		CompletableFuture<Position> expired = appendTwoConfirmed();
		readBack(1, true);
		assertThat(expired).isCompletedWithValue(null);
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(bodies()).containsExactly("a", "b");
		assertThat(this.appender.pending()).isZero();
	}

	@Test
	void markThatHasExpiredShouldBeFollowedByAnother() {
		this.appender.begin();
		this.appender.mark();
		confirm(0);
		this.appender.expire();
		this.appender.mark();
		assertThat(this.written).hasSize(2);
	}

	@Test
	void appendThatIsStillToBeReadShouldNotExpireWithTheOneBefore() {
		CompletableFuture<Position> expired = appendTwoConfirmed();
		CompletableFuture<Position> next = append("c");
		confirm(2);
		readBack(1, true);
		assertThat(expired).isCompletedWithValue(null);
		assertThat(next).isNotDone();
		readBack(2, true);
		assertThat(next).isCompletedWithValue(new Position(2, 0));
	}

	@Test
	void appendThatIsConfirmedAndNotReadBackShouldBeKnownTheSecondTime() {
		open();
		assertThat(this.appender.isWaiting()).isFalse();
		assertThat(this.appender.isWaiting()).isTrue();
		readBack(0);
		assertThat(this.appender.isWaiting()).isFalse();
		send("b");
		assertThat(this.appender.isWaiting()).as("b is not confirmed").isFalse();
		assertThat(this.appender.isWaiting()).isFalse();
	}

	@Test
	void markShouldNotBeFollowedByAnotherBeforeItIsReadBack() {
		open();
		this.appender.mark();
		this.appender.mark();
		assertThat(this.written).hasSize(2);
		assertThat(this.written.get(1).properties().getHeaders()).containsEntry(StreamEntry.MARK, true);
		readBack(0);
		readBack(1);
		this.appender.mark();
		assertThat(this.written).hasSize(3);
	}

	@Test
	void appendThatCannotBeEncodedShouldFailAndHoldNobodyUp() {
		open();
		CompletableFuture<Position> hopeless = append("b");
		fail(1, new UnencodableException("too long"));
		send("c");
		assertThat(hopeless).isCompletedExceptionally();
		assertThat(bodies()).containsExactly("a", "b", "c");
	}

	@Test
	void appendThatIsTooLargeShouldFailAloneAndTheOthersBeWrittenAgain() {
		open();
		CompletableFuture<Position> large = append("b");
		send("c");
		fail(1, new TooLargeException("too large"));
		assertThat(large).isCompletedExceptionally();
		fail(2, new UnconfirmedException("lost"));
		this.time.advanceTimeBy(Duration.ofMillis(100));
		assertThat(bodies()).containsExactly("a", "b", "c", "c");
	}

	@Test
	void appendsThatAreTooLargeShouldNotMakeTheNextOnesWaitLonger() {
		open();
		for (int i = 1; i <= 20; i++) {
			send("large");
			fail(i, new TooLargeException("too large"));
			this.time.advanceTimeBy(Duration.ofMillis(100));
		}
		send("b");
		assertThat(bodies()).hasSize(22).endsWith("b");
	}

	@Test
	void appendWhenCancelledBeforeTheStreamIsThereShouldNotBeWritten() {
		Disposable cancelled = send("a");
		send("b");
		cancelled.dispose();
		assertThat(this.appender.pending()).isOne();
		this.appender.begin();
		assertThat(bodies()).containsExactly("b");
	}

	@Test
	void appendsWhenCancelledUnderWayShouldNotBeWrittenAgainAndHoldNobodyUp() {
		open();
		Disposable first = send("b");
		send("c");
		Disposable last = send("d");
		fail(2, new UnconfirmedException("lost"));
		last.dispose();
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(bodies()).as("while b is under way").containsExactly("a", "b", "c", "d");
		first.dispose();
		this.time.advanceTimeBy(Duration.ofSeconds(10));
		assertThat(bodies().subList(4, 5)).containsExactly("c");
		confirm(4);
		send("e");
		assertThat(bodies().subList(5, 6)).containsExactly("e");
		assertThat(this.appender.pending()).as("a, c, e").isEqualTo(3);
	}

	@Test
	void appendWhenCancelledAloneUnderWayShouldLetTheNextOneTry() {
		this.appender.begin();
		Disposable probe = send("a");
		send("b");
		assertThat(bodies()).containsExactly("a");
		probe.dispose();
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(bodies()).containsExactly("a", "b");
		confirm(1);
		send("c");
		assertThat(bodies()).containsExactly("a", "b", "c");
	}

	@Test
	void appendWhenCancelledAloneWithNothingBehindItShouldLetTheNextOneTry() {
		this.appender.begin();
		send("a").dispose();
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.appender.pending()).isZero();
		send("b");
		assertThat(bodies()).containsExactly("a", "b");
	}

	@Test
	void appendWhenCancelledAfterItsConfirmShouldNotBeMissed() {
		this.appender.begin();
		Disposable confirmed = send("a");
		confirm(0);
		assertThat(this.appender.isWaiting()).isFalse();
		confirmed.dispose();
		assertThat(this.appender.isWaiting()).isFalse();
		send("b");
		readBack(1);
		assertThat(bodies()).as("a is not taken for lost").containsExactly("a", "b");
		assertThat(this.appender.pending()).isZero();
	}

	@Test
	void appendsThatAreCancelledAsTheyAreConfirmedOrFailShouldLeaveNothingBehind() {
		// Reactor drops a failure that comes with the cancellation, and would log it.
		Hooks.onErrorDropped((ex) -> {
		});
		this.appender.begin();
		for (int i = 0; i < 2_000; i++) {
			boolean fails = i % 2 == 0;
			int write = this.written.size();
			Disposable append = send("a" + i);
			assertThat(this.written).as("attempt %d", i).hasSize(write + 1);
			CyclicBarrier barrier = new CyclicBarrier(2);
			CompletableFuture<Void> cancelling = CompletableFuture.runAsync(() -> {
				await(barrier);
				append.dispose();
			});
			await(barrier);
			if (fails) {
				fail(write, new UnconfirmedException("lost"));
			}
			else {
				confirm(write);
			}
			cancelling.join();
			this.time.advanceTimeBy(Duration.ofSeconds(5));
			assertThat(this.appender.pending()).isZero();
		}
		Hooks.resetOnErrorDropped();
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await();
		}
		catch (InterruptedException | BrokenBarrierException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Append "a" and "b", confirm both, and return the result of the first. */
	private CompletableFuture<Position> appendTwoConfirmed() {
		this.appender.begin();
		CompletableFuture<Position> first = append("a");
		confirm(0);
		send("b");
		confirm(1);
		return first;
	}

	private void open() {
		this.appender.begin();
		send("a");
		confirm(0);
	}

	private Disposable send(String body) {
		return this.appender.append(MessageLogContract.message(body, null, false, null)).onErrorComplete().subscribe();
	}

	private CompletableFuture<Position> append(String body) {
		return this.appender.append(MessageLogContract.message(body, null, false, null)).toFuture();
	}

	private void confirm(int write) {
		this.results.get(write).tryEmitEmpty();
	}

	private void fail(int write, RuntimeException failure) {
		this.results.get(write).tryEmitError(failure);
	}

	private void readBack(int write) {
		readBack(write, false);
	}

	private void readBack(int write, boolean overtaken) {
		Publication publication = this.written.get(write);
		BasicProperties properties = publication.properties();
		StreamEntry entry = StreamEntry.parse(++this.offset, properties, publication.body());
		this.appender.read(new StreamEntry(new Position(this.offset, 0), entry.message(), entry.append(), false),
				overtaken);
	}

	private String name(int write) {
		return this.written.get(write).properties().getHeaders().get(StreamEntry.APPEND).toString();
	}

	private List<String> bodies() {
		return this.written.stream()
			.map((publication) -> new String(publication.body(), StandardCharsets.UTF_8))
			.toList();
	}

}
