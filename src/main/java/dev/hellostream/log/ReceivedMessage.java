package dev.hellostream.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A message as received from the queue.
 *
 * @param receivedAt the time at which this application received it, in whole milliseconds
 * @param messageId the producer's message id
 * @param idempotencyKey the key by which the producer marks repetitions of the same
 * message
 * @param redelivered whether the broker flagged the message as possibly delivered before
 * @param timestamp the time at which the message was created, according to the producer
 * or the broker
 * @param contentType media type of the body, as the producer declared it
 * @param routingKey the routing key that it was published with
 * @param headers the message's headers, with values that JSON can express: strings,
 * numbers, booleans, {@code null}, lists, maps
 * @param body the message's body, which must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // written once, read by many, never compared
public record ReceivedMessage(Instant receivedAt, @Nullable String messageId, @Nullable String idempotencyKey,
		boolean redelivered, @Nullable Instant timestamp, @Nullable String contentType, String routingKey,
		Map<String, @Nullable Object> headers, byte[] body) {

	/** Bounds the effect of a wrong timestamp on the sum of all ages. */
	private static final Duration GREATEST_AGE = Duration.ofDays(1);

	private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

	/**
	 * Check a time that a producer sent: AMQP counts seconds without a sign, RFC 3339 has
	 * years of four digits, and many producers send milliseconds instead of seconds.
	 * @param instant any time, or {@code null}
	 * @return the time, or {@code null} if AMQP or RFC 3339 cannot express it
	 */
	public static @Nullable Instant time(@Nullable Instant instant) {
		boolean isTime = instant != null && instant.getEpochSecond() >= 0 && instant.isBefore(YEAR_10000);
		return isTime ? instant : null;
	}

	/**
	 * Return the age of the message by its timestamp.
	 * @param now the present time
	 * @return the age, at most one day, and 0 if the timestamp is in the future;
	 * {@code null} if there is no timestamp
	 */
	public @Nullable Duration age(Instant now) {
		if (this.timestamp == null) {
			return null;
		}
		Duration age = Duration.between(this.timestamp, now);
		return age.isNegative() ? Duration.ZERO : (age.compareTo(GREATEST_AGE) < 0) ? age : GREATEST_AGE;
	}

}
