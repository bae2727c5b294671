package dev.hellostream.log;

import java.time.Clock;
import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Measures the time that a message takes from its producer to the live streams: once per
 * message, when it is in the tail and the event loops of the live streams have been
 * woken. The remaining step, a write to a socket, is the same for all subscribers; the
 * delay of a slow client or network is not included.
 *
 * <p>
 * The precision is that of the message's timestamp: whole seconds in AMQP, milliseconds
 * in the header {@code timestamp_in_ms} of this application's POSTs and of a RabbitMQ
 * that is configured to set it. A message without a timestamp is not measured.
 */
@Component
public class DeliveryLag {

	private final Clock clock;

	private final Timer timer;

	@Autowired
	DeliveryLag(MeterRegistry meters) {
		this(meters, Clock.systemUTC());
	}

	DeliveryLag(MeterRegistry meters, Clock clock) {
		this.clock = clock;
		this.timer = Timer.builder("hello.stream.sse.lag")
			.description("From a message's timestamp until its subscribers are woken, once for each message")
			.register(meters);
	}

	/**
	 * Record a message that the live streams can now deliver.
	 * @param message the message
	 */
	public void record(ReceivedMessage message) {
		Duration lag = message.age(this.clock.instant());
		if (lag != null) {
			this.timer.record(lag);
		}
	}

}
