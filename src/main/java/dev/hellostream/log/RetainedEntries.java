package dev.hellostream.log;

import org.jspecify.annotations.Nullable;

/**
 * The entries that are kept, in a circle that grows as far as it has to. Bounded by
 * number and by weight; the newest entry always stays. Not safe for use by several
 * threads: whoever shares it holds its monitor.
 */
final class RetainedEntries {

	private final int maxEntries;

	private final long maxBytes;

	private @Nullable LogEntry[] circle = new LogEntry[64];

	private int start;

	private int size;

	private long bytes;

	/** The last entry that has gone, or the beginning of the log. */
	private Position floor;

	private Position last;

	RetainedEntries(Position beginning, int maxEntries, long maxBytes) {
		this.floor = beginning;
		this.last = beginning;
		this.maxEntries = maxEntries;
		this.maxBytes = maxBytes;
	}

	void add(LogEntry entry) {
		if (this.size == this.circle.length) {
			grow();
		}
		this.circle[index(this.size)] = entry;
		this.size++;
		this.bytes += entry.message().weight();
		this.last = entry.position();
		while (this.size > 1 && (this.size > this.maxEntries || this.bytes > this.maxBytes)) {
			removeFirst();
		}
	}

	private void removeFirst() {
		LogEntry entry = get(0);
		this.circle[this.start] = null;
		this.start = index(1);
		this.size--;
		this.bytes -= entry.message().weight();
		this.floor = entry.position();
	}

	private void grow() {
		LogEntry[] larger = new LogEntry[this.circle.length * 2];
		int untilEnd = this.circle.length - this.start;
		System.arraycopy(this.circle, this.start, larger, 0, untilEnd);
		System.arraycopy(this.circle, 0, larger, untilEnd, this.start);
		this.circle = larger;
		this.start = 0;
	}

	Position floor() {
		return this.floor;
	}

	Position last() {
		return this.last;
	}

	@Nullable Position first() {
		return (this.size > 0) ? get(0).position() : null;
	}

	LogExtent extent() {
		Position first = first();
		return new LogExtent((first != null) ? first.offset() : this.last.offset(), this.last.offset(), this.size,
				this.bytes);
	}

	int averageWeight() {
		return (int) Math.max(1, this.bytes / Math.max(1, this.size));
	}

	@Nullable LogEntry at(long offset) {
		int place = placeAfter(offset - 1);
		return (place < this.size && get(place).position().offset() == offset) ? get(place) : null;
	}

	boolean knows(Position position) {
		LogEntry entry = at(position.offset());
		return position.equals(this.floor) || (entry != null && position.equals(entry.position()));
	}

	@Nullable LogEntry firstAfter(long offset) {
		int place = placeAfter(offset);
		return (place < this.size) ? get(place) : null;
	}

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
			if (get(middle).position().offset() <= offset) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	private LogEntry get(int place) {
		LogEntry entry = this.circle[index(place)];
		if (entry == null) {
			throw new IllegalStateException("No entry at place " + place + " of " + this.size);
		}
		return entry;
	}

	private int index(int place) {
		return (this.start + place) & (this.circle.length - 1);
	}

}
