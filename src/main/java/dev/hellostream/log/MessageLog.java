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
	 * Read from some place on, without end: first what is there, then {@link CaughtUp}
	 * once, then what is appended from then on. No entry is skipped and none is repeated
	 * where the two meet. Items are emitted as they are requested; a reader that asks for
	 * none holds nobody up, and pays with a {@link Gap} if the log outruns it.
	 * @param from where to begin
	 * @return never ends, neither completes nor fails: entries in the order of the log,
	 * gaps where there are some, on a scheduler of the log's choice that must not be
	 * blocked
	 */
	Flux<LogItem> read(ReadFrom from);

	/**
	 * Look one entry up.
	 * @param position the entry's position
	 * @return the {@link LogEntry} at this position, or the {@link Gap} that a reader
	 * from there would be told
	 */
	Mono<LogItem> find(Position position);

}
