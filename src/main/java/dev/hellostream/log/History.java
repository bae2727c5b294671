package dev.hellostream.log;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What is older than the {@link Tail}. It knows what follows a position that the tail
 * does not have.
 */
public interface History {

	/**
	 * Read from a position on to where the tail goes on.
	 * @param after the position to be read after, {@code null} to begin with the first
	 * entry that is there
	 * @return entries in the order of the log; at the end a {@link CaughtUp} with a
	 * position that the tail has, unless it has the last of the entries; or a {@link Gap}
	 * at the end if the last position is not in the log any more and something after it
	 * is missing. It does not fail, and waits where it cannot be known at present what
	 * follows
	 */
	Flux<LogItem> read(@Nullable Position after);

	/**
	 * Look one entry up that the tail does not have.
	 * @param position the entry's position
	 * @return the entry, or empty if it is not in the log. It does not fail, and waits
	 * where that cannot be known at present
	 */
	default Mono<Entry> find(Position position) {
		return Mono.empty();
	}

}
