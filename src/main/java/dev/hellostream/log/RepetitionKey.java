package dev.hellostream.log;

import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * The key that two entries share if one repeats the other.
 *
 * @param id the identifier, assigned by the producer or the appending instance
 * @param kind the kind of the identifier
 * @param body the checksum of the body, 0 if the identifier alone is sufficient
 */
public record RepetitionKey(String id, Kind kind, long body) {

	/**
	 * Return the key of a message.
	 * @param message the message
	 * @return its key, {@code null} if it has no valid idempotency key and no message id
	 */
	public static @Nullable RepetitionKey of(ReceivedMessage message) {
		// Invalid UTF-8 has become U+FFFD, so that different keys may look the same.
		if (message.idempotencyKey() != null && message.idempotencyKey().indexOf('\uFFFD') < 0) {
			return new RepetitionKey(message.idempotencyKey(), Kind.IDEMPOTENCY, 0);
		}
		if (message.messageId() != null) {
			// Some producers give every message the same id: the body distinguishes them.
			CRC32C checksum = new CRC32C();
			checksum.update(message.body());
			return new RepetitionKey(message.messageId(), Kind.MESSAGE, checksum.getValue());
		}
		return null;
	}

	static RepetitionKey ofAppend(String name) {
		return new RepetitionKey(name, Kind.APPEND, 0);
	}

	/**
	 * The kinds of identifiers.
	 */
	public enum Kind {

		/** The name of an append, which may have been stored more than once. */
		APPEND,

		/** The producer's idempotency key. */
		IDEMPOTENCY,

		/** The producer's message id. */
		MESSAGE

	}

}
