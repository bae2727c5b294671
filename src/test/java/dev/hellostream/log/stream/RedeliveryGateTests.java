package dev.hellostream.log.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.hellostream.log.MessageLogContract;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedeliveryGate}.
 */
class RedeliveryGateTests {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private final List<Sinks.Empty<Void>> readings = new ArrayList<>();

	private final Map<String, Position> known = new HashMap<>();

	private final List<String> appended = new ArrayList<>();

	private final RedeliveryGate gate = new RedeliveryGate(Mono.defer(this::read),
			(message) -> this.known.get(body(message)), (message) -> Mono.fromSupplier(() -> {
				this.appended.add(body(message));
				return new Position(this.appended.size(), 0);
			}));

	@Test
	void appendShouldGoThroughAtOnce() {
		StepVerifier.create(this.gate.append(delivered("a")))
			.expectNext(new Position(1, 0))
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.readings).isEmpty();
	}

	@Test
	void redeliveryThatIsThereShouldNotBeAppended() {
		CompletableFuture<Position> result = this.gate.append(redelivered("a")).toFuture();
		assertThat(result).as("before it is known").isNotDone();
		this.known.put("a", new Position(42, 7));
		this.readings.get(0).tryEmitEmpty();
		assertThat(result).isCompletedWithValue(new Position(42, 7));
		assertThat(this.appended).isEmpty();
	}

	@Test
	void redeliveryThatIsNotThereShouldBeAppendedBeforeWhatFollows() {
		this.gate.append(redelivered("a")).subscribe();
		this.gate.append(delivered("b")).subscribe();
		assertThat(this.appended).isEmpty();
		this.readings.get(0).tryEmitEmpty();
		assertThat(this.appended).containsExactly("a", "b");
	}

	@Test
	void redeliveriesShouldKeepTheirOrderWhicheverIsKnownFirst() {
		this.gate.append(redelivered("a")).subscribe();
		this.gate.append(delivered("b")).subscribe();
		this.gate.append(redelivered("c")).subscribe();
		this.readings.get(1).tryEmitEmpty();
		assertThat(this.appended).isEmpty();
		this.readings.get(0).tryEmitEmpty();
		assertThat(this.appended).containsExactly("a", "b", "c");
	}

	@Test
	void redeliveryWithoutAKeyShouldGoThroughAtOnce() {
		this.gate.append(MessageLogContract.message("a", null, true, null)).subscribe();
		assertThat(this.appended).containsExactly("a");
	}

	@Test
	void appendWithoutAPositionShouldComplete() {
		RedeliveryGate expiring = new RedeliveryGate(Mono.empty(), (message) -> null, (message) -> Mono.empty());
		StepVerifier.create(expiring.append(delivered("a"))).expectComplete().verify(LIMIT);
	}

	@Test
	void redeliveryThatIsCancelledShouldNotBeAppendedAndHoldNobodyUp() {
		Disposable first = this.gate.append(redelivered("a")).subscribe();
		Disposable second = this.gate.append(delivered("b")).subscribe();
		this.gate.append(delivered("c")).subscribe();
		second.dispose();
		assertThat(this.appended).isEmpty();
		first.dispose();
		assertThat(this.appended).containsExactly("c");
		this.readings.get(0).tryEmitEmpty();
		this.gate.append(delivered("d")).subscribe();
		assertThat(this.appended).containsExactly("c", "d");
	}

	@Test
	void appendThatIsCancelledShouldBeCancelledInTheLog() {
		PublisherProbe<Position> log = PublisherProbe.of(Mono.never());
		RedeliveryGate slow = new RedeliveryGate(Mono.empty(), (message) -> null, (message) -> log.mono());
		Disposable append = slow.append(redelivered("a")).subscribe();
		log.assertWasSubscribed();
		append.dispose();
		log.assertWasCancelled();
	}

	@Test
	void appendThatFailsShouldFailAloneAndHoldNobodyUp() {
		RedeliveryGate failing = new RedeliveryGate(Mono.empty(), (message) -> null,
				(message) -> Mono.error(new IllegalArgumentException(body(message))));
		StepVerifier.create(failing.append(redelivered("a"))).expectErrorMessage("a").verify(LIMIT);
		StepVerifier.create(failing.append(delivered("b"))).expectErrorMessage("b").verify(LIMIT);
	}

	private Mono<Void> read() {
		this.readings.add(Sinks.empty());
		return this.readings.get(this.readings.size() - 1).asMono();
	}

	private static ReceivedMessage delivered(String body) {
		return MessageLogContract.message(body, null, false, "id-" + body);
	}

	private static ReceivedMessage redelivered(String body) {
		return MessageLogContract.message(body, null, true, "id-" + body);
	}

	private static String body(ReceivedMessage message) {
		return new String(message.body(), StandardCharsets.UTF_8);
	}

}
