package dev.hellostream.log.stream;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Determines when all that is in the log now has been read: it appends a mark, and when
 * the mark has been read back, so have all entries before it. Callers at about the same
 * time share one mark, so that requests cannot fill the log with marks.
 */
final class StreamSynchronization {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private final Mono<Position> mark;

	private final Scheduler scheduler;

	private Sinks.@Nullable Empty<Void> next;

	private boolean underWay;

	StreamSynchronization(Mono<Position> mark, Scheduler scheduler) {
		this.mark = mark;
		this.scheduler = scheduler;
	}

	/**
	 * Wait until this instance has read all that is in the log now, at most 5 s.
	 * @return completes then
	 */
	Mono<Void> await() {
		return Mono.defer(() -> {
			Mono<Void> result;
			synchronized (this) {
				if (this.next == null) {
					this.next = Sinks.empty();
				}
				result = this.next.asMono();
			}
			append();
			return result;
		}).timeout(LIMIT, Mono.empty(), this.scheduler);
	}

	private void append() {
		Sinks.Empty<Void> served;
		synchronized (this) {
			if (this.underWay || this.next == null) {
				return;
			}
			this.underWay = true;
			served = this.next;
			this.next = null;
		}
		this.mark.doFinally((signal) -> {
			served.tryEmitEmpty();
			this.scheduler.schedule(this::appendNext, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
		}).subscribe();
	}

	private void appendNext() {
		synchronized (this) {
			this.underWay = false;
		}
		append();
	}

}
