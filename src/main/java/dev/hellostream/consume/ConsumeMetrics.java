package dev.hellostream.consume;

import dev.hellostream.consume.DeadLetters.Reason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/**
 * Meters of the messages that were received from the queue or are under way.
 */
@Component
class ConsumeMetrics implements MeterBinder {

	private final QueueListener listener;

	private final DeadLetters deadLetters;

	private final QueueConsumer consumer;

	ConsumeMetrics(QueueListener listener, DeadLetters deadLetters, QueueConsumer consumer) {
		this.listener = listener;
		this.deadLetters = deadLetters;
		this.consumer = consumer;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		FunctionCounter.builder("hello.stream.consume.received", this.listener, QueueListener::received)
			.description("Messages that were received from the queue, redeliveries included")
			.register(registry);
		FunctionCounter.builder("hello.stream.consume.redelivered", this.listener, QueueListener::redelivered)
			.description("Messages that were received and that the broker may have delivered before")
			.register(registry);
		Gauge.builder("hello.stream.consume.unacknowledged", this.consumer, QueueConsumer::unacknowledged)
			.description("Messages that were received and are not acknowledged yet")
			.register(registry);
		Gauge.builder("hello.stream.consume.used", this.consumer, QueueConsumer::bytes)
			.description("Bodies of the messages that are not in the log yet")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		Gauge.builder("hello.stream.consume.max", this.consumer, QueueConsumer::maxBytes)
			.description("Bodies above which no more is read from the broker")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		FunctionCounter.builder("hello.stream.consume.skipped", this.consumer, QueueConsumer::skipped)
			.description("Messages that could not be delivered, and are lost")
			.register(registry);
		for (Reason reason : Reason.values()) {
			FunctionCounter
				.builder("hello.stream.consume.dead.letters", this.deadLetters, (letters) -> letters.count(reason))
				.tag("reason", reason.tag())
				.description("Messages that were moved to the dead-letter queue")
				.register(registry);
		}
	}

}
