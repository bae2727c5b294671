package dev.hellostream.log.stream;

import java.util.TreeSet;

import dev.hellostream.log.DeliveryLag;
import dev.hellostream.log.DuplicateWindow;
import dev.hellostream.log.Entry;
import dev.hellostream.log.LogExtent;
import dev.hellostream.log.LogSettings;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.Tail;
import org.jspecify.annotations.Nullable;

/**
 * The newest part of the stream, in memory, as one reader finds it, and what it has
 * learned on the way. Its monitor guards it, and is held for moments only.
 *
 * <pre>
 *   the stream  ├──────────────────────────────┬──────────────────┤
 *               first                          floor              last
 *                 catch-up: read from the broker │ read from memory
 * </pre>
 *
 * What contradicts it (another entry where one is known) makes it forget everything and
 * begin anew, as the next <em>generation</em>. Readers then look for their place again.
 */
final class StreamTail {

	private static final int MOST_HIDDEN = 100_000;

	private static final Position NOTHING = new Position(-1, 0);

	private final int head;

	private final int maxEntries;

	private final long maxBytes;

	private final Tail tail;

	private final DeliveryLag lag;

	private final TreeSet<Long> hidden = new TreeSet<>();

	private final SkipDetector skips = new SkipDetector();

	private DuplicateWindow duplicates = new DuplicateWindow();

	private StreamKeys keys = new StreamKeys();

	private int generation;

	private boolean attached;

	/**
	 * What must be found first after an attachment: it says that the stream is the same.
	 */
	private @Nullable Position anchor;

	/** The end of the stream when this generation began. */
	private long end;

	private boolean shown;

	/** Where the former generation ended, if that was in the same stream. */
	private long formerLast = Long.MAX_VALUE;

	private boolean overtaken;

	/** From here on it is known which entries are hidden. */
	private long knownFrom;

	private @Nullable RetainedEntries entries;

	private @Nullable Position beginning;

	private Position last = NOTHING;

	private long received;

	private long hiddenWhileShown;

	/**
	 * Create a tail.
	 * @param head how many entries to begin with
	 * @param settings how many entries and bytes to keep
	 * @param lag told of each message that comes while there are readers
	 */
	StreamTail(int head, LogSettings settings, DeliveryLag lag) {
		this.head = head;
		this.maxEntries = settings.maxEntries();
		this.maxBytes = settings.maxBytes().toBytes();
		this.tail = new Tail(this.maxEntries, this.maxBytes);
		this.lag = lag;
	}

	/**
	 * The stream is at hand (again).
	 * @param end the offset of an entry near the end of the stream
	 * @return the offset to read from, never one beyond the end
	 */
	synchronized long attach(long end) {
		this.attached = true;
		RetainedEntries known = this.entries;
		if (known != null && end >= known.floor().offset()) {
			this.anchor = (end >= this.last.offset()) ? this.last : known.notAfter(end);
			return this.anchor.offset();
		}
		if (known != null) {
			this.formerLast = Long.MAX_VALUE;
		}
		forget();
		this.end = end;
		long start = Math.max(0, end - this.head - DuplicateWindow.SIZE);
		this.knownFrom = (start > 0) ? start + DuplicateWindow.SIZE : 0;
		return start;
	}

	synchronized void detach() {
		this.attached = false;
	}

	/** Begin anew, whatever comes. */
	private void forget() {
		this.generation++;
		this.entries = null;
		this.last = NOTHING;
		this.anchor = null;
		this.skips.reset();
		this.beginning = null;
		this.shown = false;
		this.hidden.clear();
		this.duplicates = new DuplicateWindow();
		this.keys = new StreamKeys();
	}

	/**
	 * Take the next entry in.
	 * @param entry what was read
	 * @return false if it contradicts what is known, which is forgotten, or if entries
	 * before it are missing. In both cases, attach and read again.
	 */
	synchronized boolean accept(StreamEntry entry) {
		this.received++;
		Position position = entry.position();
		RetainedEntries known = this.entries;
		if (this.anchor != null) {
			Position anchor = this.anchor;
			this.anchor = null;
			return position.equals(anchor)
					|| contradicted((position.offset() > anchor.offset()) ? this.last.offset() : Long.MAX_VALUE);
		}
		if (known != null && position.offset() <= this.last.offset()) {
			return agrees(known, position) || contradicted(Long.MAX_VALUE);
		}
		if (known != null && this.skips.doubts(this.last, position)) {
			return false;
		}
		add(entry, known);
		this.last = position;
		return true;
	}

	private void add(StreamEntry entry, @Nullable RetainedEntries before) {
		Position position = entry.position();
		RetainedEntries known = before;
		if (known == null) {
			this.overtaken = position.offset() > this.formerLast;
		}
		// Encoded first: what fails must not be taken for a repetition when it comes
		// again.
		Entry encoded = entry.mark() ? null : Entry.of(position, entry.message());
		boolean repeats = encoded != null
				&& this.duplicates.repeats(position.offset(), entry.message(), entry.append());
		if (encoded != null) {
			this.keys.add(position, entry.message());
		}
		if (position.offset() < this.knownFrom) {
			known = beginAfter(position);
		}
		else if (known == null) {
			known = beginAfter(entry.mark() ? position : new Position(position.offset() - 1, 0));
			this.beginning = (position.offset() == 0) ? known.floor() : null;
		}
		if (repeats) {
			hide(position.offset());
			// What is read for the first time at the start, or anew, has been counted.
			this.hiddenWhileShown += this.shown ? 1 : 0;
		}
		else if (encoded != null && position.offset() > known.floor().offset()) {
			known.add(encoded);
			if (this.shown) {
				this.tail.add(encoded);
				this.lag.record(entry.message());
			}
		}
	}

	private RetainedEntries beginAfter(Position floor) {
		RetainedEntries entries = new RetainedEntries(floor, this.maxEntries, this.maxBytes);
		this.entries = entries;
		return entries;
	}

	private boolean agrees(RetainedEntries known, Position position) {
		if (position.offset() == this.last.offset()) {
			return position.equals(this.last);
		}
		// What is hidden or has gone is not known. A replica that was added anew repeats
		// such entries, too.
		Entry entry = known.at(position.offset());
		return entry == null || entry.position().equals(position);
	}

	private boolean contradicted(long formerLast) {
		this.formerLast = formerLast;
		forget();
		return false;
	}

	private void hide(long offset) {
		if (offset < this.knownFrom) {
			return;
		}
		this.hidden.add(offset);
		if (this.hidden.size() > MOST_HIDDEN) {
			this.knownFrom = this.hidden.pollFirst() + 1;
		}
	}

	/** Whether it has come to where the end was when this generation began. */
	synchronized boolean hasReachedEnd() {
		return this.entries != null && this.last.offset() >= this.end;
	}

	/**
	 * Show readers what is here: it is everything that was there when this generation
	 * began.
	 * @param generation the generation that is complete
	 * @return false if there is another by now
	 */
	synchronized boolean show(int generation) {
		RetainedEntries known = this.entries;
		if (generation != this.generation || known == null) {
			return false;
		}
		this.shown = true;
		this.tail.begin(known.floor(), known.all());
		this.overtaken = false;
		return true;
	}

	/**
	 * What is in memory.
	 * @return the entries, to be used under the monitor of this, or {@code null} if they
	 * are not to be shown yet
	 */
	synchronized @Nullable RetainedEntries entries() {
		return this.shown ? this.entries : null;
	}

	/**
	 * What is shown, to be read without the monitor of this. Where a generation begins,
	 * so does the tail.
	 */
	Tail tail() {
		return this.tail;
	}

	synchronized int generation() {
		return this.generation;
	}

	synchronized Position last() {
		return this.last;
	}

	/**
	 * Whether retention has overtaken this reader: this generation begins after all that
	 * the former one had read, and is not shown yet.
	 */
	synchronized boolean isOvertaken() {
		return this.overtaken;
	}

	/** Whether the broker is being read. */
	synchronized boolean isAttached() {
		return this.attached;
	}

	/** Whether the memory holds the stream from its first entry on. */
	synchronized boolean isWhole() {
		return this.entries != null && this.entries.floor().equals(this.beginning);
	}

	/**
	 * Whether it is known of all entries after an offset if they are hidden.
	 * @param offset an offset before the end
	 * @return true if {@link #hides} can be asked
	 */
	synchronized boolean knowsHiddenAfter(long offset) {
		return offset + 1 >= this.knownFrom;
	}

	synchronized boolean hides(long offset) {
		return this.hidden.contains(offset);
	}

	/** Where a message with the same key is, of the newest that were read. */
	synchronized @Nullable Position find(ReceivedMessage message) {
		return this.keys.find(message);
	}

	/** What an entry weighs, in bytes. */
	synchronized int averageWeight() {
		return (this.entries != null) ? this.entries.averageWeight() : 1;
	}

	synchronized LogExtent extent() {
		return (this.entries != null) ? this.entries.extent() : LogExtent.NONE;
	}

	/** How many entries were hidden that came while there were readers. */
	synchronized long hiddenWhileShown() {
		return this.hiddenWhileShown;
	}

	/** How many entries the broker has sent. */
	synchronized long received() {
		return this.received;
	}

}
