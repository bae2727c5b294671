package dev.hellostream.log;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import reactor.core.scheduler.Scheduler;

/**
 * One reader of the {@link InMemoryMessageLog}.
 */
final class InMemoryLogReader extends LogReader {

	private final RetainedEntries entries;

	private final ReadFrom from;

	/** What was emitted last; null until the place to begin is found. */
	private @Nullable Position position;

	/** Follows the gap that was emitted. */
	private @Nullable LogEntry held;

	private boolean caughtUp;

	InMemoryLogReader(RetainedEntries entries, Set<LogReader> readers, ReadFrom from,
			Subscriber<? super LogItem> subscriber, Scheduler scheduler) {
		super(readers, subscriber, scheduler);
		this.entries = entries;
		this.from = from;
	}

	@Override
	protected int fill(LogItem[] batch) {
		synchronized (this.entries) {
			if (this.held != null) {
				batch[0] = this.held;
				this.held = null;
				return 1;
			}
			if (this.position == null) {
				this.position = begin();
				if (this.position == null) {
					return fillWithGap(batch, ((ReadFrom.After) this.from).position());
				}
			}
			if (this.position.offset() < this.entries.floor().offset()) {
				return fillWithGap(batch, this.position);
			}
			int count = this.entries.copyAfter(this.position.offset(), batch);
			if (count > 0) {
				this.position = ((LogEntry) batch[count - 1]).position();
			}
			else if (!this.caughtUp) {
				this.caughtUp = true;
				batch[0] = new CaughtUp(this.entries.last());
				return 1;
			}
			return count;
		}
	}

	private int fillWithGap(LogItem[] batch, Position asked) {
		this.held = this.entries.firstAfter(this.entries.floor().offset());
		this.position = (this.held != null) ? this.held.position() : this.entries.floor();
		batch[0] = new Gap(asked, (this.held != null) ? this.position : null);
		return 1;
	}

	private @Nullable Position begin() {
		if (this.from instanceof ReadFrom.After after) {
			return this.entries.knows(after.position()) ? after.position() : null;
		}
		return (this.from instanceof ReadFrom.Newest newest) ? this.entries.beforeNewest(newest.count())
				: this.entries.floor();
	}

}
