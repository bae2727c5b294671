package dev.hellostream.log;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * One read of the log, from some place on to the end: from the {@link Tail} where that
 * has the place, and from the {@link History} where it has not.
 *
 * <pre>
 *               the tail has the place ──► read in the tail ──► CaughtUp
 *   place ──►  │                                │ it has gone
 *     ▲         it has not ──► read in the history
 *     └─────────────────────────────────────────┘
 * </pre>
 *
 * For one thread at a time.
 */
public final class LogReading {

	/** How many entries are taken from the history ahead of the demand. */
	private static final int PREFETCH = 1;

	private final Tail tail;

	private final History history;

	private final ReadFrom from;

	/** What was asked for or told last, {@code null} if neither names anything. */
	private @Nullable Position told;

	private @Nullable Position place;

	/** The number of the next entry in the tail. */
	private long next;

	/** What was asked for is not there, which is told with the entry that follows. */
	private boolean gap;

	/** Follows the gap that was told. */
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
	 * Read to the end.
	 * @param tail the newest entries, which must have begun
	 * @param history what is older
	 * @param from where to begin
	 * @return what {@link MessageLog#read} promises
	 */
	public static Flux<LogItem> read(Tail tail, History history, ReadFrom from) {
		return Flux.defer(() -> {
			LogReading reading = new LogReading(tail, history, from);
			return Flux.defer(reading::goOn).repeat(reading::isUnfinished);
		});
	}

	/**
	 * Look one entry up.
	 * @param tail the newest entries, which must have begun
	 * @param history what is older
	 * @param position the entry's position
	 * @return what {@link MessageLog#find} promises
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

	/** After which it goes on, {@code null} to begin. */
	@Nullable Position place() {
		return this.place;
	}

	/** Whether the tail has the place. */
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

	/** Tell what comes next in the tail, and complete where it does not go on. */
	void tell(SynchronousSink<LogItem> sink) {
		Entry entry = (this.held != null) ? this.held : this.tail.get(this.next);
		this.held = null;
		if (entry == null) {
			Tail.End end = this.tail.end();
			if (this.next == end.next()) {
				tellEnd(end.position(), sink);
				return;
			}
			// It may have come meanwhile.
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

	/** Take what the history tells. */
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
