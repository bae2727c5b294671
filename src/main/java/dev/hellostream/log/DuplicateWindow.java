package dev.hellostream.log;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * The keys among the last {@value #SIZE} offsets, by which a repetition is recognised.
 * Not safe for use by several threads.
 */
final class DuplicateWindow {

	static final int SIZE = 4096;

	/** In the order of their last occurrence. */
	private final Map<Key, Occurrence> occurrences = new LinkedHashMap<>();

	/**
	 * Take note of the next entry.
	 * @param offset its offset, greater than any before
	 * @param message what was received
	 * @return whether it repeats an entry in the window, and so is hidden
	 */
	boolean repeats(long offset, ReceivedMessage message) {
		return repeats(offset, message, null);
	}

	/**
	 * Take note of the next entry.
	 * @param offset its offset, greater than any before
	 * @param message what was received
	 * @param append names the attempt to append it, which may have succeeded twice
	 * @return whether it repeats an entry in the window, and so is hidden
	 */
	boolean repeats(long offset, ReceivedMessage message, @Nullable String append) {
		forgetBefore(offset - SIZE);
		Occurrence now = new Occurrence(offset, message.redelivered());
		boolean appendedBefore = append != null && replace(new Key(append, Kind.APPEND, 0), now) != null;
		Key key = key(message);
		Occurrence before = (key != null) ? replace(key, now) : null;
		// A redelivery may be appended by another instance before the original is.
		return appendedBefore || (key != null && before != null
				&& (key.kind() == Kind.IDEMPOTENCY || now.redelivered() || before.redelivered()));
	}

	private @Nullable Occurrence replace(Key key, Occurrence now) {
		Occurrence before = this.occurrences.remove(key);
		this.occurrences.put(key, now);
		return before;
	}

	private void forgetBefore(long offset) {
		Iterator<Occurrence> all = this.occurrences.values().iterator();
		while (all.hasNext() && all.next().offset() < offset) {
			all.remove();
		}
	}

	private @Nullable Key key(ReceivedMessage message) {
		if (message.idempotencyKey() != null) {
			return new Key(message.idempotencyKey(), Kind.IDEMPOTENCY, 0);
		}
		if (message.messageId() != null) {
			// Some producers give every message the same id: the body tells them apart.
			CRC32C checksum = new CRC32C();
			checksum.update(message.body());
			return new Key(message.messageId(), Kind.MESSAGE, checksum.getValue());
		}
		return null;
	}

	private enum Kind {

		APPEND, IDEMPOTENCY, MESSAGE

	}

	private record Key(String id, Kind kind, long body) {
	}

	private record Occurrence(long offset, boolean redelivered) {
	}

}
