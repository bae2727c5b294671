package dev.hellostream.log.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.TooLargeException;
import dev.hellostream.amqp.UnencodableException;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.stream.PendingAppends.Append;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.util.backoff.BackOffExecution;

/**
 * Appends to the stream, in order, until it is done: an append is complete when the
 * broker has confirmed it and this instance has read it back, which tells its position.
 *
 * <p>
 * Appends are pipelined. After a failure (returned, refused, not confirmed in time, the
 * connection lost) no more are written until all that are under way have their result.
 * Then everything that is not confirmed is written again from the first on, and that one
 * alone until it is confirmed: a stream that is not at hand yet returns what it is given,
 * and the next ones must not overtake it. What is stored twice by that bears the same
 * name, by which it is hidden.
 *
 * <p>
 * An append that is cancelled is forgotten: it is not written any more, or not again. One
 * that has been written may be stored nevertheless. The caller bounds how many are under
 * way.
 */
final class StreamAppender {

	/**
	 * Milliseconds before an attempt. A stream that is back at an earlier one is not
	 * worth a line.
	 */
	private static final long REPORTED_DELAY = 400;

	private static final Logger logger = LoggerFactory.getLogger(StreamAppender.class);

	private final ConfirmingPublisher publisher;

	private final String stream;

	private final Scheduler scheduler;

	private final PendingAppends pending;

	private State state = State.NEW;

	/** What is published and has no result yet, and what cancels that. */
	private final Map<Append, Disposable> underWay = new HashMap<>();

	private boolean reported;

	private boolean marking;

	private BackOffExecution backOff = BrokerConnections.backOff();

	/** How many milliseconds the last attempt was waited for. */
	private long delay;

	StreamAppender(ConfirmingPublisher publisher, String stream, Scheduler scheduler) {
		this.publisher = publisher;
		this.stream = stream;
		this.scheduler = scheduler;
		this.pending = new PendingAppends(stream);
	}

	Mono<Position> append(ReceivedMessage message) {
		return append((name) -> StreamEntry.properties(message, name), message.body());
	}

	/**
	 * Append something that nobody is shown: when it is read back, so is everything that
	 * was in the stream before.
	 */
	Mono<Position> appendMark() {
		return append(StreamEntry::markProperties, StreamEntry.markBody());
	}

	/** Append a mark, unless one has not been read back yet. */
	void mark() {
		synchronized (this) {
			if (this.marking) {
				return;
			}
			this.marking = true;
		}
		appendMark().subscribe(null, (ex) -> marked(), this::marked);
	}

	private synchronized void marked() {
		this.marking = false;
	}

	private Mono<Position> append(Function<String, BasicProperties> properties, byte[] body) {
		return Mono.create((result) -> {
			Append append;
			synchronized (this) {
				append = this.pending.add(properties, body, result);
				if (this.state == State.OPEN || (this.state == State.PROBING && this.underWay.isEmpty())) {
					write(append);
				}
			}
			result.onCancel(() -> cancel(append));
		});
	}

	private synchronized void cancel(Append append) {
		this.pending.remove(append);
		Disposable publishing = this.underWay.remove(append);
		if (publishing != null) {
			publishing.dispose();
			if (this.state != State.OPEN) {
				fail();
			}
		}
	}

	/** The stream is there. Appends wait for that, once. */
	synchronized void begin() {
		if (this.state == State.NEW) {
			this.state = State.RECOVERING;
			recover();
		}
	}

	/**
	 * An entry was read from the stream.
	 * @param entry what was read
	 * @param overtaken whether entries before it have expired that were not read
	 */
	void read(StreamEntry entry, boolean overtaken) {
		Append append;
		List<Append> expired = List.of();
		synchronized (this) {
			append = this.pending.remove(entry.append());
			if (append != null && overtaken) {
				expired = this.pending.removeConfirmedBefore(append);
			}
			else if (append != null && this.pending.confirmsBefore(append)) {
				logger.warn("Stream '{}' has lost what it had confirmed: appending it again", this.stream);
				appendAgain();
			}
		}
		complete(expired);
		if (append != null) {
			append.result().success(entry.position());
		}
	}

	/**
	 * What was confirmed and has not been read back by now has expired: it was in the
	 * log, and has no position here.
	 */
	void expire() {
		List<Append> expired;
		synchronized (this) {
			expired = this.pending.removeConfirmed();
		}
		complete(expired);
	}

	private static void complete(List<Append> expired) {
		expired.forEach((append) -> append.result().success());
	}

	/**
	 * The stream has begun anew: what was confirmed and has not been read back by now has
	 * gone with the old one.
	 */
	synchronized void appendAgain() {
		if (this.pending.unconfirm()) {
			fail();
		}
	}

	/**
	 * Whether something that was confirmed when this was asked last has not been read
	 * back since.
	 */
	synchronized boolean isWaiting() {
		return this.pending.isOverdue();
	}

	/** How many appends were not read back yet. */
	synchronized int pending() {
		return this.pending.size();
	}

	synchronized void stop() {
		this.state = State.STOPPED;
	}

	/**
	 * Called under the monitor: the order of subscription is the order on the wire.
	 */
	private void write(Append append) {
		Disposable.Swap publishing = Disposables.swap();
		this.underWay.put(append, publishing);
		publishing.update(this.publisher.publish(append.publication())
			.subscribe(null, (ex) -> failed(append, ex), () -> confirmed(append)));
	}

	private synchronized void confirmed(Append append) {
		if (this.underWay.remove(append) == null) {
			return;
		}
		append.confirm();
		switch (this.state) {
			case PROBING -> {
				if (this.reported) {
					logger.info("Stream '{}' takes messages again", this.stream);
					this.reported = false;
				}
				this.state = State.OPEN;
				startOver();
				writeUnconfirmed();
			}
			case FAILED -> recoverLater();
			case NEW, OPEN, RECOVERING, STOPPED -> {
			}
		}
	}

	private void writeUnconfirmed() {
		for (Append append : this.pending.unconfirmed()) {
			if (this.state == State.OPEN) {
				write(append);
			}
		}
	}

	private void failed(Append append, Throwable failure) {
		boolean unencodable = failure instanceof UnencodableException;
		boolean hopeless = unencodable || failure instanceof TooLargeException;
		synchronized (this) {
			if (this.underWay.remove(append) == null) {
				return;
			}
			if (hopeless) {
				this.pending.remove(append);
				startOver();
			}
			if (!this.reported && this.delay >= REPORTED_DELAY) {
				logger.warn("Stream '{}' takes no messages, trying again: {}", this.stream, failure.getMessage());
				this.reported = true;
			}
			if (!unencodable || this.state != State.OPEN) {
				fail();
			}
		}
		if (hopeless) {
			append.result().error(failure);
		}
	}

	private void fail() {
		if (this.state == State.OPEN || this.state == State.PROBING) {
			this.state = State.FAILED;
		}
		if (this.state == State.FAILED) {
			recoverLater();
		}
	}

	/** The next failure is a first one. */
	private void startOver() {
		this.backOff = BrokerConnections.backOff();
		this.delay = 0;
	}

	/** As soon as nothing is under way any more. */
	private void recoverLater() {
		if (this.underWay.isEmpty()) {
			this.state = State.RECOVERING;
			this.delay = this.backOff.nextBackOff();
			this.scheduler.schedule(this::recover, this.delay, TimeUnit.MILLISECONDS);
		}
	}

	private synchronized void recover() {
		if (this.state != State.RECOVERING) {
			return;
		}
		this.state = State.PROBING;
		this.publisher.resume();
		this.pending.unconfirmed().stream().findFirst().ifPresent(this::write);
	}

	private enum State {

		/** The stream was not seen yet. */
		NEW,

		/** Appends are pipelined. */
		OPEN,

		/** Nothing is written until all that is under way has its result. */
		FAILED,

		/** Waiting before the next attempt. */
		RECOVERING,

		/** The first one that is not confirmed is under way, alone. */
		PROBING,

		/** The application has ended. */
		STOPPED

	}

}
