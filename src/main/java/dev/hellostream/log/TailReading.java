package dev.hellostream.log;

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.SynchronousSink;

/**
 * One read of a {@link Tail} that is the whole log, from some place on to the end. It
 * holds no entry but the one that follows a gap. For one thread at a time.
 */
final class TailReading {

	private final Tail tail;

	/** The number of the next entry; -1 if the place to begin is not in the tail. */
	private long next;

	/** What was asked for or told last, {@code null} if neither names anything. */
	private @Nullable Position told;

	/** Follows the gap that was told. */
	private @Nullable Entry held;

	TailReading(Tail tail, ReadFrom from) {
		this.tail = tail;
		if (from instanceof ReadFrom.After after) {
			this.told = after.position();
			this.next = tail.after(after.position());
		}
		else {
			this.next = (from instanceof ReadFrom.Newest newest) ? Math.max(tail.first(), tail.head() - newest.count())
					: tail.first();
		}
	}

	/** Tell what comes next, and complete after the end. */
	TailReading tell(SynchronousSink<LogItem> sink) {
		Entry entry = (this.held != null) ? this.held : this.tail.get(this.next);
		this.held = null;
		if (entry == null) {
			Tail.End end = this.tail.end();
			if (this.next == end.next()) {
				sink.next(new CaughtUp(end.position()));
				sink.complete();
				return this;
			}
			// It may have come meanwhile.
			entry = this.tail.get(this.next);
		}
		sink.next((entry != null) ? tell(entry) : goOnAtFirst());
		return this;
	}

	private Entry tell(Entry entry) {
		this.next++;
		this.told = entry.position();
		return entry;
	}

	/** What was to come next has gone, or was never here. */
	LogItem goOnAtFirst() {
		Entry first;
		do {
			this.next = this.tail.first();
			first = this.tail.get(this.next);
			// Overtaken between the two reads: look again.
		}
		while (first == null && this.next < this.tail.head());
		if (this.told == null && first != null) {
			return tell(first);
		}
		this.held = first;
		return new Gap(Objects.requireNonNull(this.told), (first != null) ? first.position() : null);
	}

}
