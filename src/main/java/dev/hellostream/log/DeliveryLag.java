package dev.hellostream.log;

import java.time.Clock;
import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Measures how long a message takes from its producer to the live streams: once a
 * message, when it is in the tail and those who read it have been woken. What follows is
 * the same for all who watch live, a write to a socket; what a slow client or network
 * adds is not in it.
 *
 * <p>
 * It is as true as the message's timestamp: AMQP has whole seconds, the
 * {@code timestamp_in_ms} of this application's POSTs and of a RabbitMQ that is
 * configured so milliseconds. A message without one is not measured.
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
			.description("From a message's timestamp until it is written to those who watch live, once a message")
			.register(meters);
	}

	/**
	 * A message is there for those who watch live.
	 * @param message what was received
	 */
	public void record(ReceivedMessage message) {
		Duration lag = message.age(this.clock.instant());
		if (lag != null) {
			this.timer.record(lag);
		}
	}

}
