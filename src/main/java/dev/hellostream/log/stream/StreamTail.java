package dev.hellostream.log.stream;

import java.util.List;
import java.util.TreeSet;

import dev.hellostream.log.DeliveryLag;
import dev.hellostream.log.DuplicateWindow;
import dev.hellostream.log.Entry;
import dev.hellostream.log.LogSettings;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.Tail;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The newest entries of the RabbitMQ stream in memory, with the hidden offsets and keys
 * found while reading. Guarded by its monitor, which is held only briefly.
 *
 * <pre>
 *   the stream  ├──────────────────────────────┬──────────────────┤
 *               first                          floor              last
 *                  history: read from the broker │ read from memory
 * </pre>
 *
 * When it is contradicted (another entry where one is known), it discards everything and
 * begins the next <em>generation</em>. Readers then look up their place again.
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

	private volatile int generation;

	private boolean attached;

	/** Expected first after attaching, as proof that the RabbitMQ stream is the same. */
	private @Nullable Position anchor;

	/** Offset near the end of the RabbitMQ stream when this generation began. */
	private long end;

	private Sinks.Empty<Void> shown = Sinks.empty();

	/** Last offset of the former generation, if the RabbitMQ stream is the same. */
	private long formerLast = Long.MAX_VALUE;

	private boolean overtaken;

	/** Offset from which on all hidden entries are known. */
	private volatile long knownFrom;

	/**
	 * The entries of this generation: in a tail of their own until they are shown, then
	 * in the shared one. {@code null} before the first.
	 */
	private volatile @Nullable Tail entries;

	private @Nullable Position beginning;

	private Position last = NOTHING;

	private long received;

	private long hiddenWhileShown;

	/**
	 * Create a tail.
	 * @param head how many entries to begin with
	 * @param settings the limits of entries and bytes to keep
	 * @param lag measures the delay of each message that comes while this is shown
	 */
	StreamTail(int head, LogSettings settings, DeliveryLag lag) {
		this.head = head;
		this.maxEntries = settings.maxEntries();
		this.maxBytes = settings.maxBytes().toBytes();
		this.tail = new Tail(this.maxEntries, this.maxBytes);
		this.lag = lag;
	}

	/**
	 * Attach to the RabbitMQ stream, for the first time or again.
	 * @param end the offset of an entry near its end
	 * @return the offset to read from, never one beyond the end
	 */
	synchronized long attach(long end) {
		this.attached = true;
		Tail known = this.entries;
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

	/** Discard everything and begin the next generation. */
	private synchronized void forget() {
		this.generation++;
		if (isShown()) {
			this.shown = Sinks.empty();
		}
		this.entries = null;
		this.last = NOTHING;
		this.anchor = null;
		this.skips.reset();
		this.beginning = null;
		this.hidden.clear();
		this.duplicates = new DuplicateWindow();
		this.keys = new StreamKeys();
	}

	/**
	 * Accept the next entry.
	 * @param entry the entry that was read
	 * @return false if it contradicts the known entries, which are then discarded, or if
	 * entries before it may be missing. In both cases, attach and read again.
	 */
	boolean accept(StreamEntry entry) {
		// Encoded first: an entry that fails here must not count as a repetition when it
		// comes again.
		return accept(entry, entry.mark() ? null : Entry.of(entry.position(), entry.message()));
	}

	private synchronized boolean accept(StreamEntry entry, @Nullable Entry encoded) {
		this.received++;
		Position position = entry.position();
		Tail known = this.entries;
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
		add(entry, encoded, known);
		this.last = position;
		return true;
	}

	private void add(StreamEntry entry, @Nullable Entry encoded, @Nullable Tail before) {
		Position position = entry.position();
		Tail known = before;
		if (known == null) {
			this.overtaken = position.offset() > this.formerLast;
		}
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
			// Before the generation is shown, old entries are read: they do not count.
			this.hiddenWhileShown += isShown() ? 1 : 0;
		}
		else if (encoded != null && position.offset() > known.floor().offset()) {
			known.add(encoded);
			if (isShown()) {
				this.lag.record(entry.message());
			}
		}
	}

	private Tail beginAfter(Position floor) {
		Tail entries = new Tail(this.maxEntries, this.maxBytes);
		entries.begin(floor, List.of());
		this.entries = entries;
		return entries;
	}

	private boolean agrees(Tail known, Position position) {
		if (position.offset() == this.last.offset()) {
			return position.equals(this.last);
		}
		// Hidden and removed entries cannot be compared. A replica that was added again
		// delivers such entries, too.
		Position there = known.notAfter(position.offset());
		return there.offset() != position.offset() || there.equals(known.floor()) || there.equals(position);
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

	/** Whether reading has reached the end as it was when this generation began. */
	synchronized boolean hasReachedEnd() {
		return this.entries != null && this.last.offset() >= this.end;
	}

	/**
	 * Show this generation to readers: it is complete up to the end as it was when the
	 * generation began.
	 * @param generation the generation that is complete
	 * @return false if another one has begun meanwhile
	 */
	boolean show(int generation) {
		Sinks.Empty<Void> shown;
		synchronized (this) {
			Tail known = this.entries;
			if (generation != this.generation || known == null) {
				return false;
			}
			if (this.tail.isReady() && isAnother(known)) {
				this.tail.beginAnother(known.floor(), known.entries());
			}
			else {
				this.tail.begin(known.floor(), known.entries());
			}
			this.entries = this.tail;
			this.overtaken = false;
			shown = this.shown;
		}
		shown.tryEmitEmpty();
		return true;
	}

	/**
	 * Whether this generation is of another RabbitMQ stream than the shown one. The loss
	 * of a hidden entry at the end does not count: no reader notices it.
	 */
	private boolean isAnother(Tail known) {
		return hasBeginning(known) && known.after(this.tail.end().position()) < 0;
	}

	private boolean hasBeginning(Tail known) {
		return known.floor().equals(this.beginning);
	}

	/** Whether this generation is shown. */
	boolean isShown() {
		return this.entries == this.tail;
	}

	/**
	 * Wait until this generation is shown.
	 * @return completes then, perhaps at once, perhaps on the thread that shows it
	 */
	synchronized Mono<Void> whenShown() {
		return this.shown.asMono();
	}

	/**
	 * Return the shown tail, which is read without this monitor. It begins again with
	 * each generation that is shown.
	 */
	Tail tail() {
		return this.tail;
	}

	int generation() {
		return this.generation;
	}

	synchronized Position last() {
		return this.last;
	}

	/**
	 * Whether retention has overtaken the tail reader: this generation begins after the
	 * last entry of the former one, and is not shown yet.
	 */
	synchronized boolean isOvertaken() {
		return this.overtaken;
	}

	/** Whether the tail reader is attached to the RabbitMQ stream. */
	synchronized boolean isAttached() {
		return this.attached;
	}

	/**
	 * Return where the tail continues for a reader that has read up to a position.
	 * @param position the position, shown or hidden; {@code null} for the beginning of
	 * the RabbitMQ stream
	 * @return a position that the tail has, {@code null} if entries before it are unread
	 */
	synchronized @Nullable Position joint(@Nullable Position position) {
		if (!isShown()) {
			return null;
		}
		if (position == null) {
			return hasBeginning(this.tail) ? this.beginning : null;
		}
		if (position.equals(this.last)) {
			return this.tail.end().position();
		}
		return (this.tail.after(position) >= 0) ? position : null;
	}

	/** Whether a position is beyond all entries read; false if this is not shown. */
	synchronized boolean isAhead(Position position) {
		return isShown() && position.offset() > this.last.offset();
	}

	/** Whether another entry is known at the offset; false if this is not shown. */
	synchronized boolean contradicts(Position position) {
		return isShown() && position.offset() <= this.last.offset() && !agrees(this.tail, position);
	}

	/**
	 * Whether all hidden entries after an offset are known.
	 * @param offset an offset before the end
	 * @return true if {@link #hides} can be asked
	 */
	boolean knowsHiddenAfter(long offset) {
		return offset + 1 >= this.knownFrom;
	}

	synchronized boolean hides(long offset) {
		return this.hidden.contains(offset);
	}

	/** Return the newest position with the key of a message, {@code null} if unknown. */
	synchronized @Nullable Position find(ReceivedMessage message) {
		return this.keys.find(message);
	}

	/** Return the number of repetitions that came while a generation was shown. */
	synchronized long hiddenWhileShown() {
		return this.hiddenWhileShown;
	}

	/** Return the number of entries that the broker has sent. */
	synchronized long received() {
		return this.received;
	}

}
