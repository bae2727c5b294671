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
 * Appends to the RabbitMQ stream, in order, and retries until it succeeds. An append is
 * complete when this instance has read it back, with its position; the confirm alone does
 * not complete it.
 *
 * <p>
 * Appends are pipelined. After a failure (returned, refused, not confirmed in time,
 * connection lost) no more are written until all publications under way have a result.
 * Then the unconfirmed appends are written again in order, the first one alone until it
 * is confirmed: while the RabbitMQ stream is unavailable, the broker returns
 * publications, and the next ones must not overtake the first. A second copy has the name
 * of the first, by which it is hidden.
 *
 * <p>
 * A cancelled append is not written, or not written again. If it has been written before,
 * it may be stored nevertheless. The caller bounds how many are under way.
 */
final class StreamAppender {

	/**
	 * Shortest back-off, in milliseconds, after which a failed attempt is logged: a
	 * shorter outage is not worth a warning.
	 */
	private static final long REPORTED_DELAY = 400;

	private static final Logger logger = LoggerFactory.getLogger(StreamAppender.class);

	private final ConfirmingPublisher publisher;

	private final String stream;

	private final Scheduler scheduler;

	private final PendingAppends pending;

	private State state = State.NEW;

	/** The appends being published, each with the handle that cancels it. */
	private final Map<Append, Disposable> underWay = new HashMap<>();

	private boolean reported;

	private boolean marking;

	private BackOffExecution backOff = BrokerConnections.backOff();

	/** Back-off before the current attempt, in milliseconds. */
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
	 * Append a mark: when it has been read back, so has every entry before it.
	 */
	Mono<Position> appendMark() {
		return append(StreamEntry::markProperties, StreamEntry.markBody());
	}

	/** Append a mark, unless the previous one of this method is still pending. */
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

	/** Begin to write, since the RabbitMQ stream exists. Later calls have no effect. */
	synchronized void begin() {
		if (this.state == State.NEW) {
			this.state = State.RECOVERING;
			recover();
		}
	}

	/**
	 * Handle an entry that was read from the RabbitMQ stream.
	 * @param entry the entry
	 * @param overtaken whether entries before it have expired unread
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
				logger.warn("RabbitMQ stream '{}' has lost confirmed entries: appending them again", this.stream);
				appendAgain();
			}
		}
		complete(expired);
		if (append != null) {
			append.result().success(entry.position());
		}
	}

	/**
	 * Complete the confirmed appends that have not been read back by now: they were in
	 * the log and have expired, so their positions are unknown.
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
	 * Write the confirmed appends again that have not been read back by now: the broker
	 * has lost them, or the RabbitMQ stream was replaced.
	 */
	synchronized void appendAgain() {
		if (this.pending.unconfirm()) {
			fail();
		}
	}

	/**
	 * Whether the oldest append was confirmed at the last check and has not been read
	 * back since.
	 */
	synchronized boolean isWaiting() {
		return this.pending.isOverdue();
	}

	/** Return the number of appends that have not been read back. */
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
					logger.info("RabbitMQ stream '{}' accepts entries again", this.stream);
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
				logger.warn("RabbitMQ stream '{}' accepts no entries, trying again: {}", this.stream,
						failure.getMessage());
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

	/** Reset the back-off: the next failure counts as the first. */
	private void startOver() {
		this.backOff = BrokerConnections.backOff();
		this.delay = 0;
	}

	/** Schedule the next attempt, unless publications are still under way. */
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

		/** The RabbitMQ stream has not been seen yet. */
		NEW,

		/** Appends are pipelined. */
		OPEN,

		/** Nothing is written until all publications under way have a result. */
		FAILED,

		/** Waiting before the next attempt. */
		RECOVERING,

		/** The first unconfirmed append is written alone. */
		PROBING,

		/** The application is shutting down. */
		STOPPED

	}

}
