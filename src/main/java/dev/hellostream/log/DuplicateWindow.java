package dev.hellostream.log;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The keys among the last {@value #SIZE} offsets, by which a repetition is recognised.
 * Not safe for use by several threads.
 */
public final class DuplicateWindow {

	/** Number of entries behind which a repetition is known. */
	public static final int SIZE = 4096;

	/** In the order of their last occurrence. */
	private final Map<RepetitionKey, Occurrence> occurrences = new LinkedHashMap<>();

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
	public boolean repeats(long offset, ReceivedMessage message, @Nullable String append) {
		forgetBefore(offset - SIZE);
		Occurrence now = new Occurrence(offset, message.redelivered());
		boolean appendedBefore = append != null && replace(RepetitionKey.ofAppend(append), now) != null;
		RepetitionKey key = RepetitionKey.of(message);
		Occurrence before = (key != null) ? replace(key, now) : null;
		// A redelivery may be appended by another instance before the original is.
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
