package dev.hellostream.log.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

import dev.hellostream.log.DuplicateWindow;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.RepetitionKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Passes messages on to be appended, in order, except those that the log already has.
 *
 * <pre>
 *    m7   m6'  m5'  m4          m6', m5': redelivered, after an instance has failed
 *   ────────────────│────►
 *    wait until everything    m6' is in the log: it is complete
 *    up to now is read        m5' is not: it is appended, and m7 after it
 * </pre>
 *
 * The first instance may have appended a message any number of entries ago: it
 * acknowledges a message after reading it back, and may have been slow. Readers look only
 * {@value DuplicateWindow#SIZE} entries back, and could show the message twice.
 *
 * <p>
 * Only redelivered messages with a key wait, and the messages that follow them.
 */
final class RedeliveryGate {

	private final Mono<Void> upToDate;

	private final Function<ReceivedMessage, @Nullable Position> known;

	private final Function<ReceivedMessage, Mono<Position>> append;

	private final Deque<Waiting> waiting = new ArrayDeque<>();

	/**
	 * Create a gate.
	 * @param upToDate completes when all entries now in the log have been read
	 * @param known finds the position of a message among the entries read
	 * @param append appends, in the order of subscription
	 */
	RedeliveryGate(Mono<Void> upToDate, Function<ReceivedMessage, @Nullable Position> known,
			Function<ReceivedMessage, Mono<Position>> append) {
		this.upToDate = upToDate;
		this.known = known;
		this.append = append;
	}

	Mono<Position> append(ReceivedMessage message) {
		return Mono.<Position>create((turn) -> {
			boolean suspect = message.redelivered() && RepetitionKey.of(message) != null;
			Waiting next = new Waiting(message, turn, suspect);
			synchronized (this) {
				this.waiting.add(next);
			}
			turn.onCancel(() -> leave(next));
			if (suspect) {
				turn.onDispose(this.upToDate.doFinally((signal) -> release(next)).subscribe());
			}
			else {
				release(next);
			}
		}).switchIfEmpty(this.append.apply(message));
	}

	private synchronized void leave(Waiting cancelled) {
		this.waiting.removeLastOccurrence(cancelled);
	}

	/** Holds the monitor until each append is subscribed to, which keeps the order. */
	private synchronized void release(Waiting ready) {
		ready.ready = true;
		for (Waiting first = this.waiting.peek(); first != null && first.ready; first = this.waiting.peek()) {
			this.waiting.remove();
			first.turn.success(first.suspect ? this.known.apply(first.message) : null);
		}
	}

	private static final class Waiting {

		private final ReceivedMessage message;

		private final MonoSink<Position> turn;

		private final boolean suspect;

		private boolean ready;

		private Waiting(ReceivedMessage message, MonoSink<Position> turn, boolean suspect) {
			this.message = message;
			this.turn = turn;
			this.suspect = suspect;
		}

	}

}
