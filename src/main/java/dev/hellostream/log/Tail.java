package dev.hellostream.log;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * The newest entries of the log, numbered by sequence in the order in which they were
 * added, bounded by number and by weight. Live streams read them here, and older entries
 * from the log.
 *
 * <pre>
 *            oldest                         head
 *              │                              │
 *   ╌╌╌╌╌╌╌╌╌╌╌┼─────┬─────┬─────┬─────┬─────┤◄── add
 *      gone    │ 812 │ 813 │ 814 │ 815 │ 816 │
 *   ╌╌╌╌╌╌╌╌╌╌╌┼─────┴─────┴─────┴─────┴─────┤
 *                 ▲           ▲   ▲          ▲
 *              reader      reader reader   readers that wait
 * </pre>
 *
 * One thread at a time may add; any number may read, without locks. A reader that finds
 * no entry at a sequence below the head has been overtaken, or has reached a place where
 * the log began again: in both cases it continues with {@link MessageLog#read}.
 */
public final class Tail {

	private static final int FIRST_CAPACITY = 64;

	private static final int LARGEST_CAPACITY = 1 << 30;

	private static final Position NOWHERE = new Position(-1, 0);

	private final int maxEntries;

	private final long maxBytes;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Entries, and a {@link CaughtUp} or {@link Gap} at each beginning, since entries
	 * after it do not continue those before it. A full array is replaced by one of twice
	 * its size.
	 */
	private volatile AtomicReferenceArray<@Nullable LogItem> slots;

	private volatile Oldest oldest = new Oldest(0, NOWHERE);

	private volatile Shown shown = new Shown(new End(0, new Position(0, 0)), new Oldest(0, NOWHERE));

	private volatile int entries;

	private volatile long bytes;

	/**
	 * Create a tail, which can be read once {@link #begin} has been called.
	 * @param maxEntries the maximum number of entries, at least 1
	 * @param maxBytes the maximum heap of its entries, estimated; the newest entry is
	 * always kept
	 */
	public Tail(int maxEntries, long maxBytes) {
		this(FIRST_CAPACITY, maxEntries, maxBytes);
	}

	Tail(int capacity, int maxEntries, long maxBytes) {
		this.slots = new AtomicReferenceArray<>(capacity);
		this.maxEntries = Math.min(maxEntries, LARGEST_CAPACITY - 1);
		this.maxBytes = maxBytes;
	}

	/**
	 * Begin after a position. Entries added from now on do not continue those added
	 * before: a reader that reaches the end of the earlier ones must read the log.
	 * @param floor the position before the first entry
	 * @param entries the first entries. Readers see all of them at once
	 */
	public void begin(Position floor, List<Entry> entries) {
		begin(new CaughtUp(floor), floor, entries);
	}

	/**
	 * Begin with another log, which has replaced the one whose end is here: a reader that
	 * reaches that end receives a {@link Gap}.
	 * @param floor the beginning of the other log
	 * @param entries its first entries. Readers see all of them at once
	 */
	public void beginAnother(Position floor, List<Entry> entries) {
		Position first = entries.isEmpty() ? null : entries.get(0).position();
		begin(new Gap(end().position(), first), floor, entries);
	}

	private void begin(LogItem mark, Position floor, List<Entry> entries) {
		long sequence = head();
		Oldest beginning = new Oldest(sequence + 1, floor);
		Position last = floor;
		put(sequence, mark);
		for (Entry entry : entries) {
			put(++sequence, entry);
			last = entry.position();
		}
		show(new End(sequence + 1, last), beginning);
	}

	/**
	 * Add an entry. Listeners are called on this thread.
	 * @param entry the entry, which follows the one that was added last
	 */
	public void add(Entry entry) {
		long sequence = head();
		put(sequence, entry);
		show(new End(sequence + 1, entry.position()), this.shown.beginning());
	}

	/** Remove the oldest only after readers see the newest, so an entry remains. */
	private void show(End end, Oldest beginning) {
		this.shown = new Shown(end, beginning);
		removeExcess(end.next() - 1);
		this.listeners.forEach(Runnable::run);
	}

	private void put(long sequence, LogItem item) {
		if (sequence - this.oldest.sequence() == this.slots.length()) {
			grow(sequence);
		}
		if (item instanceof Entry entry) {
			count(1, entry.weight());
		}
		this.slots.set(slot(this.slots, sequence), item);
	}

	private void grow(long end) {
		AtomicReferenceArray<@Nullable LogItem> larger = new AtomicReferenceArray<>(2 * this.slots.length());
		for (long sequence = this.oldest.sequence(); sequence < end; sequence++) {
			larger.setPlain(slot(larger, sequence), this.slots.getPlain(slot(this.slots, sequence)));
		}
		this.slots = larger;
	}

	private void removeExcess(long newest) {
		while (this.oldest.sequence() < newest
				&& (newest - this.oldest.sequence() >= this.maxEntries || this.bytes > this.maxBytes)) {
			removeOldest();
		}
	}

	private void removeOldest() {
		long sequence = this.oldest.sequence();
		int slot = slot(this.slots, sequence);
		LogItem item = Objects.requireNonNull(this.slots.getPlain(slot));
		if (item instanceof Entry entry) {
			count(-1, -entry.weight());
			this.oldest = new Oldest(sequence + 1, entry.position());
		}
		else {
			this.oldest = new Oldest(sequence + 1, this.shown.beginning().floor());
		}
		this.slots.set(slot, null);
	}

	private void count(int moreEntries, int moreBytes) {
		int entries = this.entries + moreEntries;
		long bytes = this.bytes + moreBytes;
		this.entries = entries;
		this.bytes = bytes;
	}

	/**
	 * Register a listener.
	 * @param listener called after each change, on the thread that adds; it must neither
	 * block nor throw
	 */
	public void listen(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Whether {@link #begin} has been called.
	 * @return true once the tail can be read
	 */
	public boolean isReady() {
		return head() > 0;
	}

	/**
	 * Return the sequence that the next entry will have.
	 * @return one more than that of the newest item
	 */
	public long head() {
		return this.shown.end().next();
	}

	/**
	 * Return the place of a reader that has seen every entry.
	 * @return the sequence of the next entry, and the position before it
	 * @throws IllegalStateException if the tail is not ready
	 */
	public End end() {
		End end = this.shown.end();
		if (end.next() == 0) {
			throw new IllegalStateException("The log has not begun");
		}
		return end;
	}

	/**
	 * Look up an entry.
	 * @param sequence its sequence
	 * @return the entry, or {@code null} if it has been removed, has not been added yet,
	 * or the log began again there
	 */
	public @Nullable Entry get(long sequence) {
		return (item(sequence) instanceof Entry entry) ? entry : null;
	}

	/**
	 * Return the next item of a live stream.
	 * @param sequence its sequence, below the head
	 * @return the entry, or the gap where another log has replaced the one before;
	 * {@code null} if the log must be read
	 */
	public @Nullable LogItem read(long sequence) {
		LogItem item = item(sequence);
		return (item instanceof CaughtUp) ? null : item;
	}

	/**
	 * Return the item at a sequence. A slot is written before the end moves, and reused
	 * after the oldest moves: check the end, read the slot, check the oldest.
	 */
	private @Nullable LogItem item(long sequence) {
		if (sequence >= head()) {
			return null;
		}
		AtomicReferenceArray<@Nullable LogItem> slots = this.slots;
		LogItem item = slots.get(slot(slots, sequence));
		return (sequence >= this.oldest.sequence()) ? item : null;
	}

	/**
	 * Find the place at which a reader continues after a position.
	 * @param position the last position that it has seen
	 * @return the sequence of the next entry, or -1 if the tail does not have it
	 */
	public long after(Position position) {
		long sequence = firstFrom(position.offset());
		LogItem found = item(sequence);
		if (found != null && position.equals(found.position())) {
			return sequence + 1;
		}
		// Checked last: the entry may have become the floor in the meantime.
		Oldest oldest = oldest();
		return position.equals(oldest.floor()) ? oldest.sequence() : -1;
	}

	/**
	 * Return the position before the oldest entry since the last beginning. Exact for the
	 * thread that adds.
	 * @return the position of the last removed entry, or of the beginning
	 */
	public Position floor() {
		return oldest().floor();
	}

	/**
	 * Find the newest position up to an offset. Exact for the thread that adds.
	 * @param offset the offset
	 * @return the position of an entry, or the floor if there is none
	 */
	public Position notAfter(long offset) {
		Entry entry = get(firstFrom(offset + 1) - 1);
		return (entry != null) ? entry.position() : floor();
	}

	private Oldest oldest() {
		Oldest oldest = this.oldest;
		Oldest beginning = this.shown.beginning();
		return (oldest.sequence() >= beginning.sequence()) ? oldest : beginning;
	}

	/** Find the sequence of the first item with this offset or a larger one. */
	private long firstFrom(long offset) {
		// Read in this order, so that the oldest is never beyond the end.
		Oldest oldest = this.oldest;
		Shown shown = this.shown;
		long low = Math.max(oldest.sequence(), shown.beginning().sequence());
		long high = shown.end().next();
		while (low < high) {
			long middle = (low + high) >>> 1;
			LogItem item = item(middle);
			// Offsets have holes, such as hidden repetitions: search, do not compute.
			if (item == null || item.position().offset() < offset) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	/**
	 * Return all entries since the last beginning. For use by the thread that adds only.
	 * @return the entries, the oldest first
	 */
	public List<Entry> entries() {
		return LongStream.range(first(), head()).mapToObj((sequence) -> Objects.requireNonNull(get(sequence))).toList();
	}

	/**
	 * Return the sequence of the oldest entry since the last beginning.
	 * @return its sequence, or the head if there is none
	 */
	long first() {
		return oldest().sequence();
	}

	/**
	 * Estimate the bytes left to read, from the average weight of an entry.
	 * @param sequence the sequence of the first entry to read
	 * @return the estimated bytes of heap from it to the head
	 */
	public long bytesFrom(long sequence) {
		return (head() - sequence) * averageWeight();
	}

	/**
	 * Return the average weight of an entry.
	 * @return bytes of heap, 0 if there is no entry
	 */
	public long averageWeight() {
		return this.bytes / Math.max(1, this.entries);
	}

	/**
	 * Return the extent of the log in memory.
	 * @return offsets, number and size of the entries
	 */
	public LogExtent extent() {
		if (!isReady()) {
			return LogExtent.NONE;
		}
		long last = end().position().offset();
		Entry first = get(first());
		return new LogExtent((first != null) ? first.offset() : last, last, this.entries, this.bytes);
	}

	private static int slot(AtomicReferenceArray<?> slots, long sequence) {
		return (int) sequence & (slots.length() - 1);
	}

	/**
	 * The end of the tail.
	 *
	 * @param next the sequence that the next entry will have
	 * @param position the position before it
	 */
	public record End(long next, Position position) {
	}

	/**
	 * The bounds that readers use, replaced together.
	 *
	 * @param end the end of the tail
	 * @param beginning its last beginning: from there on, offsets increase
	 */
	private record Shown(End end, Oldest beginning) {
	}

	/**
	 * The start of the tail, or of the entries since its last beginning.
	 *
	 * @param sequence the sequence of the oldest item
	 * @param floor the position before it
	 */
	private record Oldest(long sequence, Position floor) {
	}

}
