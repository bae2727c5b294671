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

	/** What is read from the broker; null if everything is in memory. */
	private volatile @Nullable StreamHistory history;

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
		closeHistory();
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
				if (this.history != null && hasReached(entries.floor())) {
					closeHistory();
				}
				if (this.history == null) {
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
		StreamHistory history = this.history;
		boolean verified = history == null || history.isVerified();
		return verified && this.passed != null && this.passed.offset() >= floor.offset();
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
		closeHistory();
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
			openHistory(0);
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
			openHistory(0);
		}
	}

	private void openHistory(long delayMillis) {
		StreamHistory history = new StreamHistory(this.log, this.passed, delayMillis, this::drain);
		this.history = history;
		if (isCancelled()) {
			history.close();
		}
	}

	private void closeHistory() {
		StreamHistory history = this.history;
		this.history = null;
		if (history != null) {
			history.close();
		}
	}

	private int fillFromBroker(LogItem[] batch, Position floor) {
		int count = 0;
		StreamHistory source = this.history;
		while (source != null && count < batch.length && !hasReached(floor)) {
			boolean ended = source.isEnded();
			StreamEntry entry = source.take();
			if (entry != null) {
				count = take(entry, source.judge(entry), batch, count, floor);
			}
			else if (ended) {
				closeHistory();
				openHistory(REOPEN_MILLIS);
			}
			else {
				return count;
			}
			source = this.history;
		}
		return count;
	}

	private int take(StreamEntry entry, StreamHistory.Verdict verdict, LogItem[] batch, int count, Position floor) {
		switch (verdict) {
			case EARLIER -> {
				return count;
			}
			case ASKED -> {
				if (this.inclusive && !this.anchored) {
					if (entry.mark()) {
						beginAnew(entry.position());
						return count;
					}
					this.held = new LogEntry(entry.position(), entry.message());
				}
			}
			case FOREIGN -> {
				beginAnew(this.passed);
				return count;
			}
			case FIRST -> this.gapAfter = this.passed;
			default -> {
			}
		}
		this.anchored = true;
		if (entry.position().offset() > floor.offset()) {
			// The tail has it, and all that follows.
			this.passed = floor;
			return count;
		}
		this.passed = entry.position();
		// The first one is shown even if it repeats another: that one has gone.
		boolean shown = verdict == StreamHistory.Verdict.SHOWN
				|| (verdict == StreamHistory.Verdict.FIRST && !entry.mark());
		return shown ? show(new LogEntry(entry.position(), entry.message()), batch, count) : count;
	}

	/** There are entries before this place, but not the one that was asked for. */
	private void beginAnew(@Nullable Position asked) {
		this.gapAfter = asked;
		this.generation = -1;
		closeHistory();
		drain();
	}

	private int show(LogEntry entry, LogItem[] batch, int before) {
		int count = before;
		if (this.gapAfter != null) {
			batch[count++] = new Gap(this.gapAfter, entry.position());
			this.gapAfter = null;
		}
		if (count == batch.length) {
			this.held = entry;
		}
		else {
			batch[count++] = entry;
		}
		return count;
	}

}
