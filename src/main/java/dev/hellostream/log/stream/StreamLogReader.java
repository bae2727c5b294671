package dev.hellostream.log.stream;

import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
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

	private final SkipDetector skips = new SkipDetector();

	/** Whether the entry that is to be read after is wanted itself. */
	private final boolean inclusive;

	/** Of the tail, when this reader found its place. */
	private int generation = -1;

	/** What was read last, hidden or not; null if everything is still to be read. */
	private @Nullable Position passed;

	/** Whether that was found in the log, and is not only asked for. */
	private boolean anchored;

	/**
	 * What the subscriber asked for or was given last; null if neither names anything.
	 */
	private @Nullable Position told;

	/** That could not be continued after, which is told with the entry that follows. */
	private boolean gap;

	/** Was taken and did not fit. */
	private @Nullable Entry held;

	private volatile boolean waiting;

	private volatile boolean upToDate;

	/** What is read from the broker; null if everything is in memory. */
	private volatile @Nullable StreamHistory history;

	StreamLogReader(RabbitStreamMessageLog log, ReadFrom from, boolean inclusive,
			Subscriber<? super LogItem> subscriber) {
		super(log.readers(), subscriber, log.scheduler());
		this.log = log;
		this.tail = log.streamTail();
		this.from = from;
		this.told = (from instanceof ReadFrom.After after) ? after.position() : null;
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
			// Overtaken.
			this.generation = -1;
			drain();
			return 0;
		}
		if (this.gap) {
			return fillWithGap(batch, entries.firstAfter(after.offset()));
		}
		int count = entries.copyAfter(after.offset(), batch);
		if (count > 0) {
			this.passed = ((Entry) batch[count - 1]).position();
			this.told = this.passed;
			this.anchored = true;
		}
		else if (after.offset() <= this.tail.last().offset()) {
			batch[0] = new CaughtUp(entries.last());
			return 1;
		}
		// What was read from the broker is ahead of the tail, which comes there.
		return count;
	}

	private int fillWithGap(LogItem[] batch, @Nullable Entry first) {
		if (first != null) {
			this.passed = first.position();
			this.anchored = true;
			return show(first, batch, 0);
		}
		this.anchored = true;
		return tellGap(batch, 0, null);
	}

	/**
	 * Find out where to go on, at first, when the tail has begun anew, and when it has
	 * overtaken this reader.
	 * @return false if that cannot be told yet
	 */
	private boolean findPlace(RetainedEntries entries) {
		closeHistory();
		this.skips.reset();
		boolean found = true;
		if (this.gap) {
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
		Entry there = entries.at(position.offset());
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
			this.gap = this.told != null;
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
		StreamHistory history = new StreamHistory(this.log, this.passed, this.inclusive && !this.anchored, delayMillis,
				this::drain);
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
		while (source != null && this.held == null && count < batch.length && !hasReached(floor)) {
			boolean ended = source.isEnded();
			StreamEntry entry = source.take();
			if (entry != null) {
				count = take(entry, source.classify(entry), batch, count);
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

	private int take(StreamEntry entry, StreamHistory.Verdict verdict, LogItem[] batch, int count) {
		switch (verdict) {
			case EARLIER -> {
				return count;
			}
			case ASKED -> {
				if (this.inclusive && !this.anchored) {
					if (entry.mark()) {
						beginAnew();
						return count;
					}
					this.held = Entry.of(entry.position(), entry.message());
				}
			}
			case FOREIGN -> {
				beginAnew();
				return count;
			}
			case FIRST -> this.gap = this.told != null;
			case SHOWN, HIDDEN -> {
				if (this.passed != null && this.skips.doubts(this.passed, entry.position())) {
					closeHistory();
					openHistory(0);
					return count;
				}
			}
		}
		this.anchored = true;
		this.passed = entry.position();
		// The first one is shown even if it repeats another: that one has gone.
		boolean shown = verdict == StreamHistory.Verdict.SHOWN
				|| (verdict == StreamHistory.Verdict.FIRST && !entry.mark());
		return shown ? show(Entry.of(entry.position(), entry.message()), batch, count) : count;
	}

	/** There are entries before this place, but not the one that was asked for. */
	private void beginAnew() {
		this.gap = this.told != null;
		this.anchored = false;
		this.generation = -1;
		closeHistory();
		drain();
	}

	private int show(Entry entry, LogItem[] batch, int before) {
		int count = before + tellGap(batch, before, entry.position());
		this.told = entry.position();
		if (count == batch.length) {
			this.held = entry;
		}
		else {
			batch[count++] = entry;
		}
		return count;
	}

	/**
	 * Tell that something is missing, if it is.
	 * @return how many items that are
	 */
	private int tellGap(LogItem[] batch, int place, @Nullable Position first) {
		if (!this.gap || this.told == null) {
			return 0;
		}
		this.gap = false;
		batch[place] = new Gap(this.told, first);
		return 1;
	}

}
