package dev.hellostream.consume;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import java.util.Set;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.LongString;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.log.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Converts a delivery to a message. No property is trusted to be present or small.
 */
final class DeliveryConverter {

	/** The headers that this application adds to posted messages. */
	private static final Set<String> ADDED = Set.of(ConfirmingPublisher.IDEMPOTENCY_KEY,
			ConfirmingPublisher.PUBLISH_HEADER, ConfirmingPublisher.TIMESTAMP_HEADER);

	/** AMQP 0-9-1 has short strings of at most 255 bytes. */
	private static final int LONGEST_KEY = 255;

	private final Clock clock;

	DeliveryConverter(Clock clock) {
		this.clock = clock;
	}

	ReceivedMessage convert(Delivery delivery) {
		BasicProperties properties = delivery.getProperties();
		Map<String, Object> headers = (properties.getHeaders() != null) ? properties.getHeaders() : Map.of();
		boolean posted = headers.containsKey(ConfirmingPublisher.PUBLISH_HEADER);
		return new ReceivedMessage(this.clock.instant().truncatedTo(ChronoUnit.MILLIS), properties.getMessageId(),
				idempotencyKey(headers), delivery.getEnvelope().isRedeliver(),
				timestamp(properties.getTimestamp(), headers), properties.getContentType(),
				delivery.getEnvelope().getRoutingKey(), BoundedHeaders.copyOf(headers, posted ? ADDED : Set.of()),
				delivery.getBody());
	}

	/** A table is not accepted as a key: it could be nested without limit. */
	private @Nullable String idempotencyKey(Map<String, Object> headers) {
		Object key = headers.get(ConfirmingPublisher.IDEMPOTENCY_KEY);
		if (key instanceof LongString || key instanceof String || key instanceof Number) {
			String text = key.toString();
			return (text.length() <= LONGEST_KEY) ? text : null;
		}
		return null;
	}

	/**
	 * The header's milliseconds, unless the property contradicts them; else the property.
	 */
	private @Nullable Instant timestamp(@Nullable Date timestamp, Map<String, Object> headers) {
		Instant seconds = (timestamp != null) ? timestamp.toInstant() : null;
		if (headers.get(ConfirmingPublisher.TIMESTAMP_HEADER) instanceof Long millis) {
			Instant precise = Instant.ofEpochMilli(millis);
			if (seconds == null || precise.truncatedTo(ChronoUnit.SECONDS).equals(seconds)) {
				return ReceivedMessage.time(precise);
			}
		}
		return ReceivedMessage.time(seconds);
	}

}
