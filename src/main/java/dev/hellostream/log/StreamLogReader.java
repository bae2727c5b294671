package dev.hellostream.log;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/**
 * One reader of the {@link RabbitStreamMessageLog}. What the tail holds it takes from
 * there; what is older it reads from the broker, until it has come to where the tail
 * begins.
 */
final class StreamLogReader extends LogReader {

	private static final long REOPEN_MILLIS = 500;

	private final RabbitStreamMessageLog log;

	private final StreamTail tail;

	private final ReadFrom from;

	/** Whether the entry that is to be read after is wanted itself. */
	private final boolean inclusive;

	/** Of the tail, when this reader found its place. */
	private int generation = -1;

	/** What was read last, hidden or not; null if everything is still to be read. */
	private @Nullable Position passed;

	/** Whether that was found in the log, and is not only asked for. */
	private boolean anchored;

	/** What could not be continued after; told with the first entry that is found. */
	private @Nullable Position gapAfter;

	/** Was taken and did not fit. */
	private @Nullable LogEntry held;

	private boolean caughtUp;

	private volatile boolean waiting;

	private volatile boolean upToDate;

	private volatile @Nullable StreamCatchUp catchUp;

	/** Of what the catch-up reads; null where the tail knows what is hidden. */
	private @Nullable DuplicateWindow duplicates;

	/** Whether the catch-up has not yet come to the entry to be read after. */
	private boolean verifying;

	private boolean seenEarlier;

	StreamLogReader(RabbitStreamMessageLog log, ReadFrom from, boolean inclusive,
			Subscriber<? super LogItem> subscriber) {
		super(log.readers(), subscriber, log.scheduler());
		this.log = log;
		this.tail = log.tail();
		this.from = from;
		this.inclusive = inclusive;
	}

	@Override
	public void cancel() {
		super.cancel();
		closeCatchUp();
	}

	@Override
	int fill(LogItem[] batch) {
		while (true) {
			Position floor;
			synchronized (this.tail) {
				RetainedEntries entries = this.tail.entries();
				if (entries == null || (this.generation != this.tail.generation() && !findPlace(entries))) {
					return 0;
				}
				if (this.held != null) {
					batch[0] = this.held;
					this.held = null;
					return 1;
				}
				if (this.catchUp != null && hasReached(entries.floor())) {
					closeCatchUp();
				}
				if (this.catchUp == null) {
					return fillFromMemory(entries, batch);
				}
				floor = entries.floor();
			}
			int count = fillFromBroker(batch, floor);
			if (count > 0 || (this.held == null && !hasReached(floor))) {
				return count;
			}
		}
	}

	private boolean hasReached(Position floor) {
		return !this.verifying && this.passed != null && this.passed.offset() >= floor.offset();
	}

	private int fillFromMemory(RetainedEntries entries, LogItem[] batch) {
		Position after = this.passed;
		if (after == null || after.offset() < entries.floor().offset()) {
			// Outrun.
			this.generation = -1;
			drain();
			return 0;
		}
		if (this.gapAfter != null) {
			LogItem[] first = new LogItem[1];
			boolean found = entries.copyAfter(after.offset(), first) > 0;
			batch[0] = new Gap(this.gapAfter, found ? ((LogEntry) first[0]).position() : null);
			this.gapAfter = null;
			return 1;
		}
		int count = entries.copyAfter(after.offset(), batch);
		if (count > 0) {
			this.passed = ((LogEntry) batch[count - 1]).position();
			this.anchored = true;
		}
		else if (!this.caughtUp) {
			this.caughtUp = true;
			batch[0] = new CaughtUp(entries.last());
			return 1;
		}
		return count;
	}

	/**
	 * Find out where to go on, at first, when the tail has begun anew, and when it has
	 * outrun this reader.
	 * @return false if that cannot be told yet
	 */
	private boolean findPlace(RetainedEntries entries) {
		closeCatchUp();
		boolean found = true;
		if (this.gapAfter != null) {
			beginAtFirst(entries);
		}
		else if (this.passed != null && this.anchored) {
			found = continueAfter(this.passed, entries);
		}
		else if (this.from instanceof ReadFrom.After after) {
			found = continueAfter(after.position(), entries);
		}
		else if (this.from instanceof ReadFrom.Newest newest) {
			this.passed = entries.beforeNewest(newest.count());
		}
		else {
			beginAtFirst(entries);
		}
		if (found) {
			this.generation = this.tail.generation();
		}
		return found;
	}

	private boolean continueAfter(Position position, RetainedEntries entries) {
		LogEntry there = entries.at(position.offset());
		boolean same = there != null && there.position().equals(position);
		boolean ahead = position.offset() > this.tail.last().offset();
		if (same && this.inclusive && !this.anchored) {
			this.held = there;
		}
		if (same || (!this.inclusive && (position.equals(entries.floor()) || position.equals(this.tail.last())))) {
			this.passed = position;
			this.anchored = true;
		}
		else if (ahead && !(this.upToDate && this.tail.isAttached())) {
			bringUpToDate();
			return false;
		}
		else if (ahead || there != null) {
			this.gapAfter = position;
			beginAtFirst(entries);
		}
		else {
			this.passed = position;
			openCatchUp(0);
		}
		this.upToDate = false;
		return true;
	}

	/** The position may have been given out by another instance a moment ago. */
	private void bringUpToDate() {
		this.upToDate = false;
		if (!this.waiting) {
			this.waiting = true;
			this.log.bringUpToDate().subscribe(null, (ex) -> isUpToDate(), this::isUpToDate);
		}
	}

	private void isUpToDate() {
		this.upToDate = true;
		this.waiting = false;
		drain();
	}

	private void beginAtFirst(RetainedEntries entries) {
		this.anchored = false;
		if (this.tail.isWhole()) {
			this.passed = entries.floor();
		}
		else {
			this.passed = null;
			openCatchUp(0);
		}
	}

	private void openCatchUp(long delayMillis) {
		Position after = this.passed;
		boolean judged = after != null && this.tail.judges(after.offset());
		this.duplicates = judged ? null : new DuplicateWindow();
		this.verifying = after != null;
		this.seenEarlier = false;
		Object offset = StreamSubscription.FIRST;
		if (after != null) {
			offset = judged ? after.offset() : Math.max(0, after.offset() - DuplicateWindow.SIZE);
		}
		StreamCatchUp catchUp = this.log.catchUp(offset, this::drain);
		this.catchUp = catchUp;
		catchUp.open(delayMillis);
		if (isCancelled()) {
			catchUp.close();
		}
	}

	private void closeCatchUp() {
		StreamCatchUp catchUp = this.catchUp;
		this.catchUp = null;
		if (catchUp != null) {
			catchUp.close();
		}
	}

	private int fillFromBroker(LogItem[] batch, Position floor) {
		int count = 0;
		StreamCatchUp source = this.catchUp;
		while (source != null && count < batch.length && !hasReached(floor)) {
			boolean ended = source.isEnded();
			StreamEntry entry = source.take();
			if (entry == null) {
				if (ended) {
					closeCatchUp();
					openCatchUp(REOPEN_MILLIS);
				}
				return count;
			}
			if (!this.verifying || verify(entry)) {
				count = take(entry, batch, count, floor);
			}
			source = this.catchUp;
		}
		return count;
	}

	/**
	 * Look whether the entry to be read after is still there.
	 * @return whether the entry given comes after it, or is the first one that is there
	 */
	private boolean verify(StreamEntry entry) {
		Position asked = this.passed;
		if (asked == null) {
			throw new IllegalStateException("Nothing to verify");
		}
		long offset = entry.position().offset();
		if (offset < asked.offset()) {
			this.seenEarlier = true;
			isHidden(entry);
			return false;
		}
		this.verifying = false;
		if (entry.position().equals(asked) && !(this.inclusive && entry.mark())) {
			isHidden(entry);
			if (this.inclusive && !this.anchored) {
				this.held = new LogEntry(asked, entry.message());
			}
			this.anchored = true;
			return false;
		}
		this.gapAfter = asked;
		this.passed = null;
		if (this.seenEarlier || offset == asked.offset()) {
			// There are others before it.
			this.generation = -1;
			closeCatchUp();
			drain();
			return false;
		}
		return true;
	}

	private boolean isHidden(StreamEntry entry) {
		if (this.duplicates == null) {
			return entry.mark() || this.tail.hides(entry.position().offset());
		}
		return entry.mark() || this.duplicates.repeats(entry.position().offset(), entry.message(), entry.append());
	}

	private int take(StreamEntry entry, LogItem[] batch, int before, Position floor) {
		Position position = entry.position();
		this.anchored = true;
		if (position.offset() > floor.offset()) {
			// The tail has it, and all that follows.
			this.passed = floor;
			return before;
		}
		this.passed = position;
		if (isHidden(entry)) {
			return before;
		}
		int count = before;
		if (this.gapAfter != null) {
			batch[count++] = new Gap(this.gapAfter, position);
			this.gapAfter = null;
		}
		LogEntry found = new LogEntry(position, entry.message());
		if (count == batch.length) {
			this.held = found;
		}
		else {
			batch[count++] = found;
		}
		return count;
	}

}
