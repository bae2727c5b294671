package dev.hellostream.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.hellostream.broker.ConfirmingChannel;
import dev.hellostream.broker.Publication;
import dev.hellostream.broker.UnencodableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

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
 * The caller bounds how many are under way.
 */
final class StreamAppender {

	private static final int WINDOW = 1000;

	private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(100);

	private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

	/** A stream that is not at hand for a shorter time is not worth a line. */
	private static final Duration REPORTED_BACKOFF = Duration.ofMillis(500);

	private static final Logger logger = LoggerFactory.getLogger(StreamAppender.class);

	private final ConfirmingChannel channel;

	private final String stream;

	private final Scheduler scheduler;

	/** Begins the name of every append of this instance in this run. */
	private final String instance = UUID.randomUUID() + "/";

	/** What has not been read back, by number, in order. */
	private final Map<Long, Append> pending = new LinkedHashMap<>();

	/** What of that is to be written; empty unless the state is open. */
	private final Deque<Append> unsent = new ArrayDeque<>();

	private State state = State.NEW;

	private long lastNumber;

	private int underWay;

	private boolean reported;

	private long expedited;

	private Duration backoff = SHORTEST_BACKOFF;

	StreamAppender(ConfirmingChannel channel, String stream, Scheduler scheduler) {
		this.channel = channel;
		this.stream = stream;
		this.scheduler = scheduler;
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

	private Mono<Position> append(PropertiesByName properties, byte[] body) {
		return Mono.create((result) -> {
			synchronized (this) {
				long number = ++this.lastNumber;
				BasicProperties named = properties.of(this.instance + number);
				Append append = new Append(number, new Publication("", this.stream, named, body), result);
				this.pending.put(number, append);
				if (this.state == State.OPEN) {
					this.unsent.add(append);
					send();
				}
				else if (this.state == State.PROBING && this.underWay == 0) {
					write(append);
				}
			}
		});
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
	 */
	void read(StreamEntry entry) {
		String name = entry.append();
		if (name == null || !name.startsWith(this.instance)) {
			return;
		}
		Append append;
		synchronized (this) {
			append = this.pending.remove(Long.valueOf(name.substring(this.instance.length())));
			if (append != null && !this.pending.isEmpty()) {
				Append oldest = this.pending.values().iterator().next();
				if (oldest.confirmed && oldest.number < append.number) {
					// It would have come first.
					logger.warn("Stream '{}' has lost what it had confirmed: appending it again", this.stream);
					appendAgain();
				}
			}
		}
		if (append != null) {
			append.result.success(entry.position());
		}
	}

	/**
	 * The stream has begun anew: what was confirmed and has not been read back by now has
	 * gone with the old one.
	 */
	synchronized void appendAgain() {
		if (this.pending.values().stream().anyMatch((append) -> append.confirmed)) {
			this.pending.values().forEach((append) -> append.confirmed = false);
			fail();
		}
	}

	/**
	 * Append a mark if something that was confirmed has not been read back since this was
	 * called last: when the mark is read back, it is known whether the other is there.
	 */
	void expedite() {
		boolean waits;
		synchronized (this) {
			Append oldest = this.pending.isEmpty() ? null : this.pending.values().iterator().next();
			waits = oldest != null && oldest.confirmed && oldest.number == this.expedited;
			this.expedited = (oldest != null) ? oldest.number : 0;
		}
		if (waits) {
			appendMark().subscribe(null, (ex) -> logger.warn("No mark was appended", ex));
		}
	}

	synchronized void stop() {
		this.state = State.STOPPED;
	}

	private void send() {
		while (this.state == State.OPEN && this.underWay < WINDOW && !this.unsent.isEmpty()) {
			Append append = this.unsent.remove();
			if (this.pending.containsKey(append.number)) {
				write(append);
			}
		}
	}

	/**
	 * Called under the monitor: the order of subscription is the order on the wire.
	 */
	private void write(Append append) {
		this.underWay++;
		this.channel.publish(append.publication).subscribe(null, (ex) -> failed(append, ex), () -> confirmed(append));
	}

	private synchronized void confirmed(Append append) {
		this.underWay--;
		append.confirmed = true;
		switch (this.state) {
			case OPEN -> send();
			case PROBING -> {
				if (this.reported) {
					logger.info("Stream '{}' takes messages again", this.stream);
					this.reported = false;
				}
				this.state = State.OPEN;
				this.backoff = SHORTEST_BACKOFF;
				this.pending.values().stream().filter((each) -> !each.confirmed).forEach(this.unsent::add);
				send();
			}
			case FAILED -> recoverLater();
			case NEW, RECOVERING, STOPPED -> {
			}
		}
	}

	private void failed(Append append, Throwable failure) {
		boolean hopeless = failure instanceof UnencodableException;
		synchronized (this) {
			this.underWay--;
			if (hopeless) {
				this.pending.remove(append.number);
			}
			if (!this.reported && this.backoff.compareTo(REPORTED_BACKOFF) > 0) {
				logger.warn("Stream '{}' takes no messages, trying again: {}", this.stream, failure.getMessage());
				this.reported = true;
			}
			if (hopeless && this.state == State.OPEN) {
				send();
			}
			else {
				fail();
			}
		}
		if (hopeless) {
			append.result.error(failure);
		}
	}

	private void fail() {
		if (this.state == State.OPEN || this.state == State.PROBING) {
			this.state = State.FAILED;
			this.unsent.clear();
		}
		if (this.state == State.FAILED) {
			recoverLater();
		}
	}

	/** As soon as nothing is under way any more. */
	private void recoverLater() {
		if (this.underWay == 0) {
			this.state = State.RECOVERING;
			this.scheduler.schedule(this::recover, this.backoff.toMillis(), TimeUnit.MILLISECONDS);
			Duration next = this.backoff.multipliedBy(2);
			this.backoff = (next.compareTo(LONGEST_BACKOFF) < 0) ? next : LONGEST_BACKOFF;
		}
	}

	private synchronized void recover() {
		if (this.state != State.RECOVERING) {
			return;
		}
		Append first = null;
		for (Append append : this.pending.values()) {
			if (!append.confirmed) {
				first = append;
				break;
			}
		}
		this.state = State.PROBING;
		this.channel.resume();
		if (first != null) {
			write(first);
		}
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

	private interface PropertiesByName {

		BasicProperties of(String name);

	}

	private static final class Append {

		private final long number;

		private final Publication publication;

		private final MonoSink<Position> result;

		private boolean confirmed;

		Append(long number, Publication publication, MonoSink<Position> result) {
			this.number = number;
			this.publication = publication;
			this.result = result;
		}

	}

}
