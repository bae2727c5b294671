package dev.hellostream.log;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The entries before the {@link Tail}. A reader continues here after a position that the
 * tail does not hold.
 */
public interface History {

	/**
	 * Read from a position to one at which the tail continues.
	 * @param after the position to continue after, {@code null} to begin with the first
	 * entry that exists
	 * @return entries in the order of the log, up to one that the tail holds, or else
	 * followed by a {@link CaughtUp} with a position that the tail holds. If the last
	 * position is not in the log, and entries after it may be missing, a {@link Gap} ends
	 * the sequence instead. Does not fail, and waits while the next entry cannot be
	 * determined
	 */
	Flux<LogItem> read(@Nullable Position after);

	/**
	 * Look up an entry that the tail does not hold.
	 * @param position the entry's position
	 * @return the entry, or empty if it is not in the log. Does not fail, and waits while
	 * that cannot be determined
	 */
	default Mono<Entry> find(Position position) {
		return Mono.empty();
	}

}
