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
	private final Map<Key, Long> lastOffsets = new LinkedHashMap<>();

	/**
	 * Take note of the next entry.
	 * @param offset its offset, greater than any before
	 * @param message what was received
	 * @return whether it repeats an entry in the window, and so is hidden
	 */
	boolean repeats(long offset, ReceivedMessage message) {
		forgetBefore(offset - SIZE);
		Key key = key(message);
		if (key == null) {
			return false;
		}
		boolean seen = this.lastOffsets.remove(key) != null;
		this.lastOffsets.put(key, offset);
		return seen && (message.redelivered() || message.idempotencyKey() != null);
	}

	private void forgetBefore(long offset) {
		Iterator<Long> offsets = this.lastOffsets.values().iterator();
		while (offsets.hasNext() && offsets.next() < offset) {
			offsets.remove();
		}
	}

	private @Nullable Key key(ReceivedMessage message) {
		if (message.idempotencyKey() != null) {
			return new Key(message.idempotencyKey(), true, 0);
		}
		if (message.messageId() != null) {
			// Some producers give every message the same id: the body tells them apart.
			CRC32C checksum = new CRC32C();
			checksum.update(message.body());
			return new Key(message.messageId(), false, checksum.getValue());
		}
		return null;
	}

	private record Key(String id, boolean idempotency, long body) {
	}

}
