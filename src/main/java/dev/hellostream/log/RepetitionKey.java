package dev.hellostream.log;

import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * What two messages have in common if one repeats the other.
 *
 * @param id what the producer, or who appends, calls it
 * @param kind whose name that is
 * @param body checksum of the body, 0 where the name alone tells messages apart
 */
public record RepetitionKey(String id, Kind kind, long body) {

	/**
	 * The key of a message.
	 * @param message what was received
	 * @return its key, {@code null} if nothing tells it from another with the same body
	 */
	public static @Nullable RepetitionKey of(ReceivedMessage message) {
		// Keys that are no text have become U+FFFD, and one would be taken for another.
		if (message.idempotencyKey() != null && message.idempotencyKey().indexOf('\uFFFD') < 0) {
			return new RepetitionKey(message.idempotencyKey(), Kind.IDEMPOTENCY, 0);
		}
		if (message.messageId() != null) {
			// Some producers give every message the same id: the body tells them apart.
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
	 * Whose name a key is.
	 */
	public enum Kind {

		/** An attempt to append, which may have succeeded twice. */
		APPEND,

		/** The producer's idempotency key. */
		IDEMPOTENCY,

		/** The producer's message id. */
		MESSAGE

	}

}
