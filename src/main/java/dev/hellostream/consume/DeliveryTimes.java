package dev.hellostream.consume;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.hellostream.log.ReceivedMessage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.stereotype.Component;

/**
 * Measures how long messages take from the queue to the log: the wait in the queue, if a
 * message has a timestamp, and the append.
 */
@Component
class DeliveryTimes {

	private final Timer waiting;

	private final Timer appending;

	DeliveryTimes(MeterRegistry meters) {
		this.waiting = Timer.builder("hello.stream.queue.wait")
			.description("From a message's timestamp until it was received from the queue")
			.register(meters);
		this.appending = Timer.builder("hello.stream.log.append")
			.description("From the receipt of a message until it was in the log")
			.register(meters);
	}

	void received(ReceivedMessage message) {
		Duration wait = message.age(message.receivedAt());
		if (wait != null) {
			this.waiting.record(wait);
		}
	}

	/**
	 * Record the duration of an append.
	 * @param start the {@link System#nanoTime()} at which it began
	 */
	void appended(long start) {
		this.appending.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
	}

}
