package dev.hellostream.log;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Recognises repetitions by the keys of the entries at the last {@value #SIZE} offsets.
 * Not safe for use by several threads.
 */
public final class DuplicateWindow {

	/** An entry can repeat another within this number of offsets before its own. */
	public static final int SIZE = 4096;

	/** In the order of their last occurrence, the oldest first. */
	private final Map<RepetitionKey, Occurrence> occurrences = new LinkedHashMap<>();

	/**
	 * Add the next entry, and check whether it repeats another.
	 * @param offset its offset, greater than all offsets before
	 * @param message its message
	 * @return whether it repeats an entry in the window, and so is hidden
	 */
	boolean repeats(long offset, ReceivedMessage message) {
		return repeats(offset, message, null);
	}

	/**
	 * Add the next entry, and check whether it repeats another.
	 * @param offset its offset, greater than all offsets before
	 * @param message its message
	 * @param append the name of its append, the same for all attempts, or {@code null}
	 * @return whether it repeats an entry in the window, and so is hidden
	 */
	public boolean repeats(long offset, ReceivedMessage message, @Nullable String append) {
		forgetBefore(offset - SIZE);
		Occurrence now = new Occurrence(offset, message.redelivered());
		boolean appendedBefore = append != null && replace(RepetitionKey.ofAppend(append), now) != null;
		RepetitionKey key = RepetitionKey.of(message);
		Occurrence before = (key != null) ? replace(key, now) : null;
		// Another instance may append the redelivery before the original is appended.
		return appendedBefore || (key != null && before != null
				&& (key.kind() == RepetitionKey.Kind.IDEMPOTENCY || now.redelivered() || before.redelivered()));
	}

	private @Nullable Occurrence replace(RepetitionKey key, Occurrence now) {
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

	private record Occurrence(long offset, boolean redelivered) {
	}

}
