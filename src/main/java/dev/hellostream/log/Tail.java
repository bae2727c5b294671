package dev.hellostream.log;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * The newest entries of the log, numbered in the order in which they came, bounded by
 * number and by weight. Live streams read them here; what is older they read from the
 * log.
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
 * One thread at a time adds; any number read, without locks. A reader that finds no entry
 * under a number below the head has been overtaken, or has come to where the log began
 * anew: in both cases {@link MessageLog#read} knows what follows.
 */
public final class Tail {

	private static final int FIRST_CAPACITY = 64;

	private static final int LARGEST_CAPACITY = 1 << 30;

	private static final Position NOWHERE = new Position(-1, 0);

	private final int maxEntries;

	private final long maxBytes;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Entries, and a {@link CaughtUp} or {@link Gap} where what follows does not follow
	 * what was before. Replaced by a larger array as long as that is needed.
	 */
	private volatile AtomicReferenceArray<@Nullable LogItem> slots;

	private volatile Oldest oldest = new Oldest(0, NOWHERE);

	private volatile Shown shown = new Shown(new End(0, new Position(0, 0)), new Oldest(0, NOWHERE));

	private volatile int entries;

	private volatile long bytes;

	/**
	 * Create a tail, which nobody can read before {@link #begin} has been called.
	 * @param maxEntries how many entries it holds, at least one
	 * @param maxBytes how many bytes of heap they take, about; the newest entry stays in
	 * any case
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
	 * What is added from now on follows a position, and not what was added before: a
	 * reader that comes to the end of that has to ask the log.
	 * @param floor the position
	 * @param entries the first that follow it. Readers see all of them at once
	 */
	public void begin(Position floor, List<Entry> entries) {
		begin(new CaughtUp(floor), floor, entries);
	}

	/**
	 * Another log has taken the place of the one whose end is here: a reader that comes
	 * to that end is told a {@link Gap}.
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
	 * @param entry the entry, which follows what was added last
	 */
	public void add(Entry entry) {
		long sequence = head();
		put(sequence, entry);
		show(new End(sequence + 1, entry.position()), this.shown.beginning());
	}

	/** The oldest are removed after the newest can be read: there is always an entry. */
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
	 * @param listener called after each change, by the thread that adds; it must neither
	 * block nor fail
	 */
	public void listen(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Whether {@link #begin} has been called.
	 * @return true as soon as numbers and positions mean something
	 */
	public boolean isReady() {
		return head() > 0;
	}

	/**
	 * The number that the next entry will have.
	 * @return one more than that of the newest
	 */
	public long head() {
		return this.shown.end().next();
	}

	/**
	 * The place of a reader that has seen everything.
	 * @return the number of the next entry, and the position before it
	 * @throws IllegalStateException if this is not ready
	 */
	public End end() {
		End end = this.shown.end();
		if (end.next() == 0) {
			throw new IllegalStateException("The log has not begun");
		}
		return end;
	}

	/**
	 * Look an entry up.
	 * @param sequence its number
	 * @return the entry, or {@code null} if it has gone, has not come yet, or the log
	 * began anew there
	 */
	public @Nullable Entry get(long sequence) {
		return (item(sequence) instanceof Entry entry) ? entry : null;
	}

	/**
	 * What a live stream is told next.
	 * @param sequence the number of the next item
	 * @return the entry, or the gap where another log has taken the place of the one
	 * before; {@code null} if the log has to be asked
	 */
	public @Nullable LogItem read(long sequence) {
		LogItem item = item(sequence);
		return (item instanceof CaughtUp) ? null : item;
	}

	/**
	 * A slot is written before the end that shows it, and given to another number after
	 * the oldest has left it behind: it is read after the one and before the other.
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
	 * Find out where a reader goes on that has seen a certain position.
	 * @param position the last that it has seen
	 * @return the number of the next entry, or -1 if the position is not here
	 */
	public long after(Position position) {
		long sequence = firstFrom(position.offset());
		LogItem found = item(sequence);
		if (found != null && position.equals(found.position())) {
			return sequence + 1;
		}
		// Looked at last: the entry may have become the floor meanwhile.
		Oldest oldest = oldest();
		return position.equals(oldest.floor()) ? oldest.sequence() : -1;
	}

	/**
	 * The position before the oldest entry that follows where this has begun the last
	 * time. Exact for the thread that adds.
	 * @return the position of the last that has gone, or of the beginning
	 */
	public Position floor() {
		return oldest().floor();
	}

	/**
	 * The newest position up to an offset. Exact for the thread that adds.
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

	/** The number of the first item with this offset or a larger one. */
	private long firstFrom(long offset) {
		// In this order the oldest is never beyond the end.
		Oldest oldest = this.oldest;
		Shown shown = this.shown;
		long low = Math.max(oldest.sequence(), shown.beginning().sequence());
		long high = shown.end().next();
		while (low < high) {
			long middle = (low + high) >>> 1;
			LogItem item = item(middle);
			// Offsets have holes where repetitions are hidden: a place is searched, not
			// computed.
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
	 * All that is here and follows where this has begun the last time. Exact for the
	 * thread that adds.
	 * @return the entries, the oldest first
	 */
	public List<Entry> entries() {
		return LongStream.range(first(), head()).mapToObj((sequence) -> Objects.requireNonNull(get(sequence))).toList();
	}

	/**
	 * The oldest entry that follows where this has begun the last time.
	 * @return its number, or the head if there is none
	 */
	long first() {
		return oldest().sequence();
	}

	/**
	 * Estimate how much there is to read, from the average weight of an entry.
	 * @param sequence the number of the first entry to read
	 * @return about how many bytes there are from it to the head
	 */
	public long bytesFrom(long sequence) {
		return (head() - sequence) * averageWeight();
	}

	/**
	 * The average weight of an entry.
	 * @return bytes of heap, zero if there is no entry
	 */
	public long averageWeight() {
		return this.bytes / Math.max(1, this.entries);
	}

	/**
	 * What is in memory.
	 * @return offsets, number and size
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
	 * Where the tail ends.
	 *
	 * @param next the number that the next entry will have
	 * @param position the position before it
	 */
	public record End(long next, Position position) {
	}

	/**
	 * What readers go by, all of it at once.
	 *
	 * @param end where the tail ends
	 * @param beginning where it has begun the last time: from there on, positions are in
	 * order
	 */
	private record Shown(End end, Oldest beginning) {
	}

	/**
	 * Where the tail begins.
	 *
	 * @param sequence the number of the oldest that is here
	 * @param floor the position before it
	 */
	private record Oldest(long sequence, Position floor) {
	}

}
