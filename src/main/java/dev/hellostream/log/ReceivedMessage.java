package dev.hellostream.log;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A message as it came from the queue.
 *
 * @param receivedAt when this application received it, to the millisecond
 * @param messageId the producer's message id
 * @param idempotencyKey the key by which the producer marks repetitions of the same
 * message
 * @param redelivered whether the broker says that it may have delivered the message
 * before
 * @param timestamp when the producer says that it was made
 * @param contentType media type of the body, as the producer declared it
 * @param routingKey the routing key that it was published with
 * @param headers the producer's headers, as values that JSON has: strings, numbers,
 * booleans, {@code null}, lists, maps
 * @param body the message itself, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // written once, read by many, never compared
public record ReceivedMessage(Instant receivedAt, @Nullable String messageId, @Nullable String idempotencyKey,
		boolean redelivered, @Nullable Instant timestamp, @Nullable String contentType, String routingKey,
		Map<String, @Nullable Object> headers, byte[] body) {

	/** A producer that sends nonsense shall not spoil a sum for ever. */
	private static final Duration GREATEST_AGE = Duration.ofDays(1);

	private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

	/**
	 * What a time of a producer can be: AMQP counts seconds without a sign, RFC 3339 has
	 * years of four digits, and many a producer sends milliseconds.
	 * @param instant any time
	 * @return the time, or {@code null} if it is not one that both have
	 */
	public static @Nullable Instant time(@Nullable Instant instant) {
		boolean isTime = instant != null && instant.getEpochSecond() >= 0 && instant.isBefore(YEAR_10000);
		return isTime ? instant : null;
	}

	/**
	 * How old the message is, by its producer's timestamp.
	 * @param now when that is asked
	 * @return its age, at most a day, and 0 if the producer's clock is ahead;
	 * {@code null} if it has no timestamp
	 */
	public @Nullable Duration age(Instant now) {
		if (this.timestamp == null) {
			return null;
		}
		Duration age = Duration.between(this.timestamp, now);
		return age.isNegative() ? Duration.ZERO : (age.compareTo(GREATEST_AGE) < 0) ? age : GREATEST_AGE;
	}

}
