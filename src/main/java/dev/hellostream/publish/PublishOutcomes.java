package dev.hellostream.publish;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.hellostream.amqp.NotPublishedException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Counts messages that are published over HTTP by their outcome, and measures the time
 * until that is known.
 */
@Component
class PublishOutcomes {

	private final Timer confirmed;

	private final Timer refused;

	private final Timer unconfirmed;

	private final Timer cancelled;

	PublishOutcomes(MeterRegistry meters) {
		this.confirmed = timer(meters, "confirmed");
		this.refused = timer(meters, "refused");
		this.unconfirmed = timer(meters, "unconfirmed");
		this.cancelled = timer(meters, "cancelled");
	}

	private static Timer timer(MeterRegistry meters, String outcome) {
		return Timer.builder("hello.stream.publish")
			.tag("outcome", outcome)
			.description("Messages that were published over HTTP, and the time until the outcome was known")
			.register(meters);
	}

	/**
	 * Measure one publication.
	 * @param publication supplies the publication, at each subscription
	 * @return the same, measured
	 */
	Mono<Void> measure(Supplier<Mono<Void>> publication) {
		return Mono.defer(() -> {
			long start = System.nanoTime();
			return publication.get()
				.doOnSuccess((nothing) -> record(this.confirmed, start))
				.doOnError((ex) -> record(timer(ex), start))
				.doOnCancel(() -> record(this.cancelled, start));
		});
	}

	private Timer timer(Throwable failure) {
		return (failure instanceof NotPublishedException) ? this.refused : this.unconfirmed;
	}

	private static void record(Timer timer, long start) {
		timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
	}

}
