package dev.hellostream.live;

import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * The newest frames, numbered in the order in which they came, bounded by number and by
 * bytes.
 *
 * <pre>
 *            oldest                         head
 *              │                              │
 *   ╌╌╌╌╌╌╌╌╌╌╌┼─────┬─────┬─────┬─────┬─────┤◄── add
 *      gone    │ 812 │ 813 │ 814 │ 815 │ 816 │
 *   ╌╌╌╌╌╌╌╌╌╌╌┼─────┴─────┴─────┴─────┴─────┤
 *                 ▲           ▲   ▲          ▲
 *              cursor      cursor cursor   cursors that wait
 * </pre>
 *
 * One thread adds; any number read, without locks. A reader that finds no frame under a
 * number below the head has been outrun.
 */
final class FrameRing {

	private final AtomicReferenceArray<@Nullable Slot> slots;

	private final int mask;

	private final long maxBytes;

	/** What came before frame 0, if that is known. */
	private volatile @Nullable Position beginning;

	private volatile boolean ready;

	private volatile long head;

	private volatile long oldest;

	/** Frames from here on are in the order of their offsets. */
	private volatile long ordered;

	/** Written by the thread that adds. */
	private volatile long bytes;

	/**
	 * Create a ring.
	 * @param capacity how many frames it holds, a power of two
	 * @param maxBytes how many bytes of frames it holds; the newest frame stays in any
	 * case
	 */
	FrameRing(int capacity, long maxBytes) {
		if (Integer.bitCount(capacity) != 1) {
			throw new IllegalArgumentException("capacity must be a power of two");
		}
		this.slots = new AtomicReferenceArray<>(capacity);
		this.mask = capacity - 1;
		this.maxBytes = maxBytes;
	}

	int capacity() {
		return this.mask + 1;
	}

	long maxBytes() {
		return this.maxBytes;
	}

	/** How many frames there are. */
	long frames() {
		long first = this.oldest;
		return this.head - first;
	}

	/** How many bytes they have. */
	long bytes() {
		return this.bytes;
	}

	/**
	 * The end of the log has been reached.
	 * @param end what came last there
	 */
	void endOfLog(Position end) {
		if (this.head == 0) {
			this.beginning = end;
		}
		this.ready = true;
	}

	/** Whether it holds the end of the log, so that places in it mean something. */
	boolean isReady() {
		return this.ready;
	}

	void add(Frame frame) {
		add(frame, false);
	}

	private void add(Frame frame, boolean gap) {
		long sequence = this.head;
		if (sequence - this.oldest == capacity()) {
			removeOldest();
		}
		long withFrame = this.bytes + frame.sse().length;
		this.bytes = withFrame;
		this.slots.set(slot(sequence), new Slot(sequence, frame, gap));
		while (this.bytes > this.maxBytes && this.oldest < sequence) {
			removeOldest();
		}
		this.head = sequence + 1;
	}

	/**
	 * Add a frame after which the offsets may begin anew.
	 */
	void addGap(Frame frame) {
		this.ordered = this.head + 1;
		add(frame, true);
	}

	private void removeOldest() {
		long sequence = this.oldest;
		Slot slot = this.slots.get(slot(sequence));
		if (slot != null) {
			long withoutFrame = this.bytes - slot.frame().sse().length;
			this.bytes = withoutFrame;
		}
		this.oldest = sequence + 1;
		this.slots.set(slot(sequence), null);
	}

	/** The number that the next frame will have. */
	long head() {
		return this.head;
	}

	/**
	 * Look up a frame.
	 * @param sequence its number
	 * @return the frame, or {@code null} if it has gone or has not come yet
	 */
	@Nullable Frame get(long sequence) {
		Slot slot = find(sequence);
		return (slot != null) ? slot.frame() : null;
	}

	private @Nullable Slot find(long sequence) {
		Slot slot = this.slots.get(slot(sequence));
		return (slot != null && slot.sequence() == sequence) ? slot : null;
	}

	/**
	 * The place of a subscriber that has seen everything. One that comes right after a
	 * gap is told of it: the position before it does not lead to what comes next.
	 * @return the number of the next frame, with the position before it
	 */
	Place end() {
		while (true) {
			long sequence = this.head;
			if (sequence == 0) {
				return Place.inRing(0, this.beginning);
			}
			Slot last = find(sequence - 1);
			if (last != null) {
				return Place.inRing(last.gap() ? sequence - 1 : sequence, last.frame().position());
			}
			// Outrun between the two reads: look again.
		}
	}

	/**
	 * Find out where a subscriber goes on that has seen a certain entry.
	 * @param position the last entry that it has seen
	 * @return the number of the next frame, or -1 if the entry is not in the ring
	 */
	long sequenceAfter(Position position) {
		long low = Math.max(this.oldest, this.ordered);
		long end = this.head;
		if (low == 0 && position.equals(this.beginning)) {
			return 0;
		}
		long high = end;
		while (low < high) {
			long middle = (low + high) >>> 1;
			Frame frame = get(middle);
			if (frame == null || frame.position() == null || frame.position().offset() < position.offset()) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		Frame found = (low < end) ? get(low) : null;
		// A gap that came meanwhile bears the position that it was asked for: whoever
		// went on after it would not be told.
		return (found != null && low >= this.ordered && position.equals(found.position())) ? low + 1 : -1;
	}

	private int slot(long sequence) {
		return (int) sequence & this.mask;
	}

	private record Slot(long sequence, Frame frame, boolean gap) {
	}

}
