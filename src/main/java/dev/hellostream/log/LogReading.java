package dev.hellostream.log;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * One read of the log, from a place to the end: in the {@link Tail} if that has the
 * place, and otherwise in the {@link History}.
 *
 * <pre>
 *               the tail has the place ──► read in the tail ──► CaughtUp
 *   place ──►  │                                │ it has gone
 *     ▲         it has not ──► read in the history
 *     └─────────────────────────────────────────┘
 * </pre>
 *
 * For use by one thread at a time.
 */
public final class LogReading {

	/** Number of items requested from the history ahead of the demand. */
	private static final int PREFETCH = 1;

	private final Tail tail;

	private final History history;

	private final ReadFrom from;

	/** The position emitted or requested last, {@code null} if there is none. */
	private @Nullable Position told;

	private @Nullable Position place;

	/** The sequence of the next entry in the tail, -1 if it is not there. */
	private long next;

	/** Whether entries are missing: a gap is emitted before the next item. */
	private boolean gap;

	/** The entry to emit after the gap that was emitted last. */
	private @Nullable Entry held;

	private boolean over;

	LogReading(Tail tail, History history, ReadFrom from) {
		this.tail = tail;
		this.history = history;
		this.from = from;
		this.told = (from instanceof ReadFrom.After after) ? after.position() : null;
		this.place = this.told;
	}

	/**
	 * Read to the end of the log.
	 * @param tail the newest entries; the tail must be ready
	 * @param history the entries before the tail
	 * @param from the place to begin
	 * @return the items that {@link MessageLog#read} specifies
	 */
	public static Flux<LogItem> read(Tail tail, History history, ReadFrom from) {
		return Flux.defer(() -> {
			LogReading reading = new LogReading(tail, history, from);
			return Flux.defer(reading::goOn).repeat(reading::isUnfinished);
		});
	}

	/**
	 * Look up an entry.
	 * @param tail the newest entries; the tail must be ready
	 * @param history the entries before the tail
	 * @param position the entry's position
	 * @return the item that {@link MessageLog#find} specifies
	 */
	public static Mono<LogItem> find(Tail tail, History history, Position position) {
		return Mono.defer(() -> {
			Entry entry = tail.get(tail.after(position) - 1);
			return (entry != null) ? Mono.just(entry) : history.find(position);
		}).cast(LogItem.class).switchIfEmpty(gap(position, read(tail, history, ReadFrom.first())));
	}

	private static Mono<LogItem> gap(Position asked, Flux<LogItem> items) {
		return items.next().map((first) -> new Gap(asked, (first instanceof Entry) ? first.position() : null));
	}

	private Flux<LogItem> goOn() {
		return findInTail() ? Flux.generate(this::tell)
				: this.history.read(this.place).concatMapIterable(this::take, PREFETCH);
	}

	boolean isUnfinished() {
		return !this.over;
	}

	/** The position to continue after, {@code null} to begin. */
	@Nullable Position place() {
		return this.place;
	}

	/** Whether the tail has the place: if so, {@link #next} is set to it. */
	boolean findInTail() {
		if (this.place != null) {
			this.next = this.tail.after(this.place);
		}
		else if (this.from instanceof ReadFrom.Newest newest && this.told == null) {
			this.next = Math.max(this.tail.first(), this.tail.head() - newest.count());
		}
		else {
			this.next = -1;
		}
		return this.next >= 0;
	}

	/** Emit the next item of the tail, or complete if the tail does not continue here. */
	void tell(SynchronousSink<LogItem> sink) {
		Entry entry = (this.held != null) ? this.held : this.tail.get(this.next);
		this.held = null;
		if (entry == null) {
			Tail.End end = this.tail.end();
			if (this.next == end.next()) {
				tellEnd(end.position(), sink);
				return;
			}
			// It may have been added in the meantime.
			entry = this.tail.get(this.next);
		}
		if (entry == null) {
			sink.complete();
		}
		else if (this.gap) {
			this.held = entry;
			sink.next(gap(entry.position()));
		}
		else {
			this.next++;
			sink.next(entry(entry));
		}
	}

	private void tellEnd(Position end, SynchronousSink<LogItem> sink) {
		if (this.gap) {
			sink.next(gap(null));
		}
		else {
			this.over = true;
			sink.next(new CaughtUp(end));
			sink.complete();
		}
	}

	/** Accept an item of the history, and return the items to emit for it. */
	List<LogItem> take(LogItem item) {
		if (item instanceof Entry entry) {
			return this.gap ? List.of(gap(entry.position()), entry(entry)) : List.of(entry(entry));
		}
		if (item instanceof Gap) {
			this.gap = this.told != null;
			this.place = null;
		}
		else {
			this.place = item.position();
		}
		return List.of();
	}

	private Entry entry(Entry entry) {
		this.told = entry.position();
		this.place = this.told;
		return entry;
	}

	private Gap gap(@Nullable Position first) {
		this.gap = false;
		return new Gap(Objects.requireNonNull(this.told), first);
	}

}
