package dev.hellostream.consume;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import com.rabbitmq.client.Delivery;
import dev.hellostream.amqp.PublishSettings;
import dev.hellostream.amqp.TooLargeException;
import dev.hellostream.consume.DeadLetters.Reason;
import dev.hellostream.embedded.GuardedProtocol;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Appends every delivery to the log, or publishes it to the dead-letter queue.
 */
@Component
class QueueListener {

	/**
	 * RabbitMQ 4 drops a message of a quorum queue after 20 returns (<a href=
	 * "https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling">delivery
	 * limit</a>).
	 */
	private static final long MOST_RETURNS = 15;

	private final MessageLog log;

	private final DeadLetters deadLetters;

	private final long largest;

	private final ReceivedLines lines;

	private final DeliveryTimes times;

	private final DeliveryConverter converter = new DeliveryConverter(Clock.systemUTC());

	private final LongAdder received = new LongAdder();

	private final LongAdder redelivered = new LongAdder();

	QueueListener(MessageLog log, DeadLetters deadLetters, PublishSettings settings, ReceivedLines lines,
			DeliveryTimes times) {
		this.log = log;
		this.deadLetters = deadLetters;
		this.largest = settings.maxSize().toBytes();
		this.lines = lines;
		this.times = times;
	}

	/**
	 * Process a delivery; to be called in the order of delivery. Never blocks.
	 * @param delivery the delivery
	 * @return completes when the log or the dead-letter queue has the message
	 */
	Mono<Void> receive(Delivery delivery) {
		this.received.increment();
		if (delivery.getEnvelope().isRedeliver()) {
			this.redelivered.increment();
		}
		this.lines.received(delivery.getBody());
		int size = delivery.getBody().length;
		if (size > this.largest) {
			return this.deadLetters.publish(delivery, Reason.TOO_LARGE,
					"the message has %d bytes, more than the limit of %d".formatted(size, this.largest));
		}
		Object undecodable = header(delivery, GuardedProtocol.UNDECODABLE);
		if (undecodable != null) {
			return this.deadLetters.publish(delivery, Reason.UNDECODABLE,
					"its headers cannot be decoded: %.100s".formatted(undecodable));
		}
		// A quorum queue counts returns. On a first delivery, the header is a producer's.
		if (delivery.getEnvelope().isRedeliver() && header(delivery, "x-delivery-count") instanceof Number returns
				&& returns.longValue() >= MOST_RETURNS) {
			return this.deadLetters.publish(delivery, Reason.RETURNED,
					"the message was returned to the queue %d times and is not in the log"
						.formatted(returns.longValue()));
		}
		return append(delivery).then()
			.onErrorResume(TooLargeException.class,
					(ex) -> this.deadLetters.publishWithoutBody(delivery, String.valueOf(ex.getMessage())))
			.onErrorResume(
					(ex) -> this.deadLetters.publish(delivery, Reason.NOT_STORABLE, String.valueOf(ex.getMessage())));
	}

	private static @Nullable Object header(Delivery delivery, String name) {
		Map<String, Object> headers = delivery.getProperties().getHeaders();
		return (headers != null) ? headers.get(name) : null;
	}

	private Mono<Position> append(Delivery delivery) {
		return Mono.defer(() -> {
			ReceivedMessage message = this.converter.convert(delivery);
			this.times.received(message);
			long start = System.nanoTime();
			return this.log.append(message).doOnSuccess((position) -> this.times.appended(start));
		});
	}

	long received() {
		return this.received.sum();
	}

	long redelivered() {
		return this.redelivered.sum();
	}

}
