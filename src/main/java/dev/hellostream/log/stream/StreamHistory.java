package dev.hellostream.log.stream;

import dev.hellostream.log.DuplicateWindow;
import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * What the broker has after some entry, read for one reader: looks whether that entry is
 * still there, and tells which of the others are hidden. To know that, it may have to
 * begin a whole {@link DuplicateWindow} earlier; for entries that came while this
 * instance ran, the tail knows. For one thread at a time.
 */
final class StreamHistory {

	private final StreamTail tail;

	private final StreamCatchUp catchUp;

	private final @Nullable DuplicateWindow duplicates;

	/** Whether the entry itself is wanted, not only what follows it. */
	private final boolean inclusive;

	/** The entry to be read after, until it was looked for. */
	private @Nullable Position asked;

	private boolean seenEarlier;

	/**
	 * Begin to read.
	 * @param log the log
	 * @param after the entry to be read after, {@code null} to begin with the first
	 * @param inclusive whether that entry is wanted itself
	 * @param delayMillis when to begin, in milliseconds from now
	 * @param wake called when something has come
	 */
	StreamHistory(RabbitStreamMessageLog log, @Nullable Position after, boolean inclusive, long delayMillis,
			Runnable wake) {
		this.tail = log.streamTail();
		this.asked = after;
		this.inclusive = inclusive;
		boolean known = after != null && this.tail.knowsHiddenAfter(after.offset());
		this.duplicates = known ? null : new DuplicateWindow();
		Object offset = StreamSubscription.FIRST;
		if (after != null) {
			offset = known ? after.offset() : Math.max(0, after.offset() - DuplicateWindow.SIZE);
		}
		this.catchUp = log.catchUp(offset, wake);
		this.catchUp.open(delayMillis);
	}

	boolean isEnded() {
		return this.catchUp.isEnded();
	}

	/** Whether the entry to be read after was looked for. */
	boolean isVerified() {
		return this.asked == null;
	}

	/** Take the next entry, if it has come. */
	@Nullable StreamEntry take() {
		return this.catchUp.take();
	}

	/**
	 * Classify an entry, each once and in order.
	 * @param entry what was taken
	 * @return what it is to the reader
	 */
	Verdict classify(StreamEntry entry) {
		boolean hidden = isHidden(entry);
		Position asked = this.asked;
		if (asked == null) {
			return hidden ? Verdict.HIDDEN : Verdict.SHOWN;
		}
		if (entry.position().offset() < asked.offset()) {
			this.seenEarlier = true;
			return Verdict.EARLIER;
		}
		this.asked = null;
		if (entry.position().equals(asked)) {
			return Verdict.ASKED;
		}
		if (this.seenEarlier || entry.position().offset() == asked.offset()) {
			return Verdict.FOREIGN;
		}
		if (this.inclusive || SkipDetector.skips(asked, entry.position())) {
			return Verdict.FIRST;
		}
		return hidden ? Verdict.HIDDEN : Verdict.SHOWN;
	}

	private boolean isHidden(StreamEntry entry) {
		long offset = entry.position().offset();
		if (entry.mark()) {
			return true;
		}
		return (this.duplicates != null) ? this.duplicates.repeats(offset, entry.message(), entry.append())
				: this.tail.hides(offset);
	}

	/** Does not block; safe for use by any thread. */
	void close() {
		this.catchUp.close();
	}

	/**
	 * What an entry is to a reader.
	 */
	enum Verdict {

		/** Comes before the one that was asked for. */
		EARLIER,

		/** The one that was asked for. */
		ASKED,

		/** The one that was asked for has expired, and more: this is the first there. */
		FIRST,

		/** The one that was asked for is not in this log. */
		FOREIGN,

		/** A mark, or a repetition. */
		HIDDEN,

		/** Comes next. */
		SHOWN

	}

}
