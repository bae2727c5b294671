package dev.hellostream.log.stream;

import java.time.Duration;

import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.DuplicateWindow;
import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * One read of the {@link StreamHistory}. It checks that the entry to read after still
 * exists, leaves out hidden entries, and ends where the tail continues. To recognise
 * repetitions it may have to begin a whole {@link DuplicateWindow} earlier; among the
 * entries that came while this instance ran, the tail knows the hidden ones. For one
 * thread at a time.
 *
 * <pre>
 *   goOn ──► is the tail shown? ────► does it have the place? ──► read from the broker
 *     ▲                                │ yes: over                  │ over, if it has come there
 *     └──────── the consumer has ended, or a new generation began ──┘
 * </pre>
 */
final class HistoryReading {

	/** Delay before a read that is ahead of the attached tail checks the tail again. */
	private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);

	private final StreamHistory history;

	private final StreamTail tail;

	private final SkipDetector skips = new SkipDetector();

	/** Position to continue after, hidden or not; {@code null} for the beginning. */
	private @Nullable Position passed;

	/** Whether that position was found in the RabbitMQ stream, in this generation. */
	private boolean found;

	private int generation = -1;

	/** Whether the current consumer has yet to find that position. */
	private boolean seeking;

	private boolean seenEarlier;

	/** Recognises repetitions; {@code null} if the tail knows the hidden entries. */
	private @Nullable DuplicateWindow duplicates;

	private boolean over;

	HistoryReading(StreamHistory history, StreamTail tail, @Nullable Position after) {
		this.history = history;
		this.tail = tail;
		this.passed = after;
	}

	boolean isUnfinished() {
		return !this.over;
	}

	/** Read on until the end, or until the place has to be checked again. */
	Flux<LogItem> goOn() {
		if (this.generation != this.tail.generation()) {
			this.generation = this.tail.generation();
			this.found = false;
			this.skips.reset();
		}
		Position passed = this.passed;
		Mono<Void> sure = (passed != null && !this.found) ? this.history.settle(passed) : this.history.ready();
		return sure.thenMany(Flux.defer(this::look));
	}

	private Flux<LogItem> look() {
		Position joint = this.tail.joint(this.passed);
		Position passed = this.passed;
		if (joint != null) {
			return end(new CaughtUp(joint));
		}
		if (this.generation != this.tail.generation()) {
			return Flux.empty();
		}
		if (passed != null && this.tail.isAhead(passed)) {
			return this.found ? later(this.tail.isAttached() ? LOOK_INTERVAL : StreamHistory.REOPEN_INTERVAL)
					: end(new Gap(passed, null));
		}
		if (passed != null && this.tail.contradicts(passed)) {
			return end(new Gap(passed, null));
		}
		return open(passed);
	}

	private static Flux<LogItem> later(Duration delay) {
		return Flux.<LogItem>empty().delaySubscription(delay);
	}

	private Flux<LogItem> end(LogItem item) {
		this.over = true;
		return Flux.just(item);
	}

	private Flux<LogItem> open(@Nullable Position passed) {
		boolean known = passed != null && this.tail.knowsHiddenAfter(passed.offset());
		this.duplicates = known ? null : new DuplicateWindow();
		this.seeking = passed != null;
		this.seenEarlier = false;
		Object offset = StreamSubscription.FIRST;
		if (passed != null) {
			offset = Math.max(0, passed.offset() - (known ? 0 : DuplicateWindow.SIZE));
		}
		return this.history.entries(offset)
			.<LogItem>handle(this::take)
			.onErrorResume((failure) -> later(StreamHistory.REOPEN_INTERVAL));
	}

	private void take(StreamEntry entry, SynchronousSink<LogItem> sink) {
		boolean hidden = isHidden(entry);
		Position before = this.passed;
		Position position = entry.position();
		if (this.generation != this.tail.generation()) {
			sink.complete();
		}
		else if (before == null || !this.seeking) {
			if (before != null && (!knowsHidden(before) || this.skips.doubts(before, position))) {
				sink.complete();
			}
			else {
				pass(entry, !hidden, sink);
			}
		}
		else if (position.offset() < before.offset()) {
			this.seenEarlier = true;
		}
		else if (position.equals(before)) {
			pass(entry, false, sink);
		}
		else if (this.seenEarlier || position.offset() == before.offset() || SkipDetector.skips(before, position)) {
			this.over = true;
			sink.next(new Gap(before, null));
			sink.complete();
		}
		else {
			// Only the entry itself has expired, and none after it.
			pass(entry, !hidden, sink);
		}
	}

	private boolean knowsHidden(Position before) {
		return this.duplicates != null || this.tail.knowsHiddenAfter(before.offset());
	}

	private boolean isHidden(StreamEntry entry) {
		long offset = entry.position().offset();
		if (entry.mark()) {
			return true;
		}
		return (this.duplicates != null) ? this.duplicates.repeats(offset, entry.message(), entry.append())
				: this.tail.hides(offset);
	}

	private void pass(StreamEntry entry, boolean shown, SynchronousSink<LogItem> sink) {
		Position position = entry.position();
		LogItem item = shown ? Entry.of(position, entry.message()) : null;
		this.passed = position;
		this.seeking = false;
		this.found = true;
		boolean near = position.offset() >= this.tail.tail().floor().offset();
		Position joint = near ? this.tail.joint(position) : null;
		if (joint != null) {
			this.over = true;
			item = (item != null) ? item : new CaughtUp(joint);
		}
		if (item != null) {
			sink.next(item);
		}
		if (this.over || (near && this.tail.isAhead(position))) {
			sink.complete();
		}
	}

}
