package dev.hellostream.log;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The messages that were received, in one order. The one contract between the broker
 * side, which appends, and the web side, which reads.
 *
 * <pre>
 *        floor                                        tail
 *          │                                            │
 *   ╌╌╌╌╌╌╌┼────┬────┬────┬╌╌╌╌┬────┬────┬────┬────┬────┤
 *   gone   │ 41 │ 42 │ 43 │hole│ 45 │ 46 │ 47 │ 48 │ 49 │ ◄── append
 *   ╌╌╌╌╌╌╌┼────┴────┴────┴╌╌╌╌┴────┴────┴────┴────┴────┤
 *          │       ▲                        ▲           │
 *       first()  after(42.c01dcafe)      newest(3)
 * </pre>
 *
 * A log is bounded: its oldest entries go. What a reader misses by that it is told, as a
 * {@link Gap}, exactly where it happened. Offsets increase and may have holes, so a
 * missing number means nothing.
 *
 * <p>
 * An entry that repeats another is hidden from every reader. It repeats one if, among the
 * {@value DuplicateWindow#SIZE} offsets before its own, there is an entry with the same
 * {@linkplain ReceivedMessage#idempotencyKey() idempotency key}, or, without such a key,
 * with the same message id and body if one of the two was redelivered, or if both come
 * from one append that was tried twice. That depends on nothing but the log, so all
 * readers agree, live or replaying, on any instance. A redelivered message that is known
 * to be in the log is not appended again.
 *
 * <p>
 * All methods are safe for use by any thread, and none blocks.
 */
public interface MessageLog {

	/**
	 * Append a message. Messages are stored in the order in which the returned Monos are
	 * subscribed to.
	 * @param message what was received
	 * @return the position of the entry, once it is as safe as this log can make it;
	 * empty if it has expired before that could be told. An error means that this message
	 * cannot be stored, now or later: what can be tried again, the log tries itself.
	 * Cancelling ends that, and takes nothing back.
	 */
	Mono<Position> append(ReceivedMessage message);

	/**
	 * The newest entries, in memory. A reader that wants what is appended from now on
	 * begins at the end of the tail.
	 * @return the tail, always the same
	 */
	Tail tail();

	/**
	 * Read from some place on to the end: what is there, and then {@link CaughtUp}. No
	 * entry is skipped and none is repeated where a reader goes on, with another read or
	 * in the {@linkplain #tail() tail}. Items are emitted as they are requested; a reader
	 * that asks for none holds nobody up, and pays with a {@link Gap} if the log
	 * overtakes it.
	 * @param from where to begin
	 * @return entries in the order of the log, gaps where there are some, and the end.
	 * Does not fail, and waits where a log cannot be read at present. Items are emitted
	 * on a thread of the log's choice that must not be blocked, perhaps that of the
	 * request
	 */
	Flux<LogItem> read(ReadFrom from);

	/**
	 * Look one entry up.
	 * @param position the entry's position
	 * @return the {@link Entry} at this position, or the {@link Gap} that a reader from
	 * there would be told
	 */
	Mono<LogItem> find(Position position);

	/**
	 * How many entries were hidden since the start, because they repeat another.
	 * @return the number of those that came while there could be readers
	 */
	long hidden();

}
