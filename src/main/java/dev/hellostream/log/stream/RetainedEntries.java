package dev.hellostream.log.stream;

import java.util.List;
import java.util.stream.IntStream;

import dev.hellostream.log.Entry;
import dev.hellostream.log.LogExtent;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * The entries that are kept, in a circle that grows as far as it has to. Bounded by
 * number and by weight; the newest entry always stays. Not safe for use by several
 * threads: whoever shares it holds its monitor.
 */
final class RetainedEntries {

	private final int maxEntries;

	private final long maxBytes;

	private @Nullable Entry[] circle = new Entry[64];

	private int start;

	private int size;

	private long bytes;

	/** The last entry that has gone, or the beginning of the log. */
	private Position floor;

	private Position last;

	/**
	 * Create an empty memory.
	 * @param beginning after what the first entry follows
	 * @param maxEntries the largest number of entries
	 * @param maxBytes about the most heap that the entries may take; one remains in any
	 * case
	 */
	RetainedEntries(Position beginning, int maxEntries, long maxBytes) {
		this.floor = beginning;
		this.last = beginning;
		this.maxEntries = maxEntries;
		this.maxBytes = maxBytes;
	}

	/**
	 * Add an entry, and let the oldest go as far as the limits demand.
	 * @param entry the entry, whose offset is greater than any before
	 */
	void add(Entry entry) {
		if (this.size == this.circle.length) {
			grow();
		}
		this.circle[index(this.size)] = entry;
		this.size++;
		this.bytes += entry.weight();
		this.last = entry.position();
		while (this.size > 1 && (this.size > this.maxEntries || this.bytes > this.maxBytes)) {
			removeFirst();
		}
	}

	private void removeFirst() {
		Entry entry = get(0);
		this.circle[this.start] = null;
		this.start = index(1);
		this.size--;
		this.bytes -= entry.weight();
		this.floor = entry.position();
	}

	private void grow() {
		Entry[] larger = new Entry[this.circle.length * 2];
		int untilEnd = this.circle.length - this.start;
		System.arraycopy(this.circle, this.start, larger, 0, untilEnd);
		System.arraycopy(this.circle, 0, larger, untilEnd, this.start);
		this.circle = larger;
		this.start = 0;
	}

	/**
	 * After what the oldest entry follows.
	 * @return the last entry that has gone, or the beginning
	 */
	Position floor() {
		return this.floor;
	}

	/**
	 * Where the log ends.
	 * @return the position of the newest entry, or the beginning
	 */
	Position last() {
		return this.last;
	}

	@Nullable Position first() {
		return (this.size > 0) ? get(0).position() : null;
	}

	/**
	 * What is in memory.
	 * @return offsets, number and size
	 */
	LogExtent extent() {
		Position first = first();
		return new LogExtent((first != null) ? first.offset() : this.last.offset(), this.last.offset(), this.size,
				this.bytes);
	}

	/**
	 * How much heap an entry takes on average.
	 * @return bytes, at least one
	 */
	int averageWeight() {
		return (int) Math.max(1, this.bytes / Math.max(1, this.size));
	}

	/**
	 * The entry with an offset.
	 * @param offset the offset
	 * @return the entry, or {@code null} if none here has that offset
	 */
	@Nullable Entry at(long offset) {
		int place = placeAfter(offset - 1);
		return (place < this.size && get(place).offset() == offset) ? get(place) : null;
	}

	/**
	 * The oldest entry that follows an offset.
	 * @param offset the offset
	 * @return the entry, or {@code null} if there is none yet
	 */
	@Nullable Entry firstAfter(long offset) {
		int place = placeAfter(offset);
		return (place < this.size) ? get(place) : null;
	}

	/**
	 * After what the newest entries follow.
	 * @param count how many of them
	 * @return the position before them, or the floor if there are fewer
	 */
	Position beforeNewest(int count) {
		return (count < this.size) ? get(this.size - count - 1).position() : this.floor;
	}

	/**
	 * The newest entry up to an offset.
	 * @param offset the offset, not below the floor's
	 * @return its position, or the floor
	 */
	Position notAfter(long offset) {
		int place = placeAfter(offset);
		return (place > 0) ? get(place - 1).position() : this.floor;
	}

	/** All of them, the oldest first. */
	List<Entry> all() {
		return IntStream.range(0, this.size).mapToObj(this::get).toList();
	}

	/**
	 * Copy the entries that follow an offset, as many as there are or as fit.
	 * @param offset the offset to follow
	 * @param target where they go
	 * @return how many there were
	 */
	int copyAfter(long offset, LogItem[] target) {
		int place = placeAfter(offset);
		int count = Math.min(target.length, this.size - place);
		for (int i = 0; i < count; i++) {
			target[i] = get(place + i);
		}
		return count;
	}

	private int placeAfter(long offset) {
		// Offsets have holes where duplicates were, so a place is searched, not computed.
		int low = 0;
		int high = this.size;
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (get(middle).offset() <= offset) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	private Entry get(int place) {
		Entry entry = this.circle[index(place)];
		if (entry == null) {
			throw new IllegalStateException("No entry at place " + place + " of " + this.size);
		}
		return entry;
	}

	private int index(int place) {
		return (this.start + place) & (this.circle.length - 1);
	}

}
