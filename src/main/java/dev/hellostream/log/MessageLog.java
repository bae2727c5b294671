package dev.hellostream.log;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The received messages in one order. The only contract between the broker side, which
 * appends, and the web side, which reads.
 *
 * <pre>
 *        floor                                         end
 *          │                                            │
 *   ╌╌╌╌╌╌╌┼────┬────┬────┬╌╌╌╌┬────┬────┬────┬────┬────┤
 *   gone   │ 41 │ 42 │ 43 │hole│ 45 │ 46 │ 47 │ 48 │ 49 │ ◄── append
 *   ╌╌╌╌╌╌╌┼────┴────┴────┴╌╌╌╌┴────┴────┴────┴────┴────┤
 *          │       ▲                        ▲           │
 *       first()  after(42.c01dcafe)      newest(3)
 * </pre>
 *
 * A log is bounded: its oldest entries are removed. A reader that misses entries receives
 * a {@link Gap}, exactly where they are missing. Offsets increase and may have holes, so
 * a missing offset does not mean a missing entry.
 *
 * <p>
 * An entry that repeats another is hidden from every reader. It is a repetition if one of
 * the {@value DuplicateWindow#SIZE} offsets before its own holds an entry of the same
 * append, tried more than once, or with the same
 * {@linkplain ReceivedMessage#idempotencyKey() idempotency key}, or, without such a key,
 * with the same message id and body if one of the two was redelivered. This depends on
 * the log only, so all readers agree, live or replaying, on any instance. A redelivered
 * message that is known to be in a shared log is not appended again.
 *
 * <p>
 * All methods are safe for use by any thread, and none blocks.
 */
public interface MessageLog {

	/**
	 * Append a message. Messages are stored in the order in which the returned Monos are
	 * subscribed to.
	 * @param message the message
	 * @return the position of the entry, once it is stored as safely as this log can;
	 * empty if the entry expired before its position was known. An error means that this
	 * message can never be stored: the log itself retries after any other failure.
	 * Cancelling ends the retries, and does not remove an entry that was stored.
	 */
	Mono<Position> append(ReceivedMessage message);

	/**
	 * Return the newest entries, in memory. A reader that wants only later entries begins
	 * at the end of the tail.
	 * @return the tail, always the same object
	 */
	Tail tail();

	/**
	 * Read the entries from a place to the end of the log, and then {@link CaughtUp}. A
	 * reader that continues from there, with another read or in the {@linkplain #tail()
	 * tail}, misses no entry and receives none twice. Items are emitted as they are
	 * requested: a slow reader does not delay appends, and receives a {@link Gap} if the
	 * log overtakes it.
	 * @param from the place to begin
	 * @return entries in the order of the log, gaps where entries are missing, and the
	 * end. Does not fail, and waits while the log cannot be read. Items are emitted on a
	 * thread that the log chooses, possibly the requesting one, which must not be blocked
	 */
	Flux<LogItem> read(ReadFrom from);

	/**
	 * Look up an entry.
	 * @param position the entry's position
	 * @return the {@link Entry} at this position, or a {@link Gap} before the first entry
	 * of the log if there is none
	 */
	Mono<LogItem> find(Position position);

	/**
	 * Return the number of entries that were hidden because they repeat another.
	 * @return the number since the start; entries read to build or rebuild the tail do
	 * not count
	 */
	long hidden();

}
