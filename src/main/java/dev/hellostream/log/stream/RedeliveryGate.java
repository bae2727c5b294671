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
 * Lets messages through to be appended, in order, but for those that are there already.
 *
 * <pre>
 *    m7   m6'  m5'  m4          m6', m5': redelivered, from an instance that has died
 *   ────────────────│────►
 *    wait until everything    m6' is in the stream: it is done
 *    up to now is read        m5' is not: it is appended, and m7 after it
 * </pre>
 *
 * The instance to which a message was delivered first may have appended it any number of
 * entries ago: it acknowledges what it has read back, and may have been slow at that. So
 * readers, who look {@value DuplicateWindow#SIZE} entries back, could show it twice.
 *
 * <p>
 * Only messages with a key are held up, and those that come after one.
 */
final class RedeliveryGate {

	private final Mono<Void> upToDate;

	private final Function<ReceivedMessage, @Nullable Position> known;

	private final Function<ReceivedMessage, Mono<Position>> append;

	private final Deque<Waiting> waiting = new ArrayDeque<>();

	/**
	 * Create a gate.
	 * @param upToDate completes when all that is in the stream now has been read
	 * @param known tells where a message is in the stream, of what has been read
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

	/**
	 * Under the monitor until what is appended is subscribed to, for the order's sake.
	 */
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
