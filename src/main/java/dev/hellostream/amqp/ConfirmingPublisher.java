package dev.hellostream.amqp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.hellostream.start.Phases;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes with confirms, in order, over one long-lived channel on a connection that no
 * consumer shares (a broker in need of memory stops reading from those that publish).
 * <p>
 * Order of subscription is order on the wire. Writing is pipelined: nothing waits for the
 * confirm of the one before. Only a thread of its own ever blocks on the socket; results
 * are signalled on another, {@code publish-signals}, where subscribers must not block.
 * The connection is opened when there is something to publish, one attempt at a time.
 */
public final class ConfirmingPublisher implements SmartLifecycle {

	/**
	 * The header by which a returned message is known again: a number that says nothing
	 * to anybody else. Whoever consumes leaves it out.
	 */
	public static final String PUBLISH_HEADER = "x-hello-stream-publish";

	/**
	 * The header that says to the millisecond when a message was made, since AMQP's
	 * timestamp has seconds. The name is the one that RabbitMQ itself uses
	 * (<a href="https://www.rabbitmq.com/docs/message-interceptors#timestamp">message
	 * interceptors</a>).
	 */
	public static final String TIMESTAMP_HEADER = "timestamp_in_ms";

	/**
	 * The header by which a repetition is recognised, on HTTP and on AMQP (<a href=
	 * "https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">Idempotency-Key</a>).
	 */
	public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	static final String NO_CONNECTION = "There is no connection to the broker.";

	private static final Duration SWEEP = Duration.ofMillis(50);

	private static final Duration LONGEST_STOP = Duration.ofSeconds(3);

	private final Duration timeout;

	private final PublicationQueue queue;

	private final PublicationSignals signals = new PublicationSignals();

	private final PublicationWriter writer;

	private final boolean inOrder;

	/** Whether a sweep is scheduled. */
	private final AtomicBoolean sweeping = new AtomicBoolean();

	ConfirmingPublisher(ConnectionFactory connections, PublishSettings settings, PublicationQueue queue) {
		this(connections, settings, queue, false);
	}

	private ConfirmingPublisher(ConnectionFactory connections, PublishSettings settings, PublicationQueue queue,
			boolean inOrder) {
		this.timeout = settings.confirmTimeout();
		this.queue = queue;
		this.writer = new PublicationWriter(connections, queue, this.signals, inOrder);
		this.inOrder = inOrder;
	}

	/**
	 * Create a publisher for a caller that publishes again, in order, what has failed.
	 * When the channel is lost, nothing is written over another one before
	 * {@link #resume()}: it would overtake what was lost. Nothing is refused for being
	 * too much, and everything is {@linkplain #publishPatiently patient}: the caller
	 * bounds what is under way.
	 * @param connections where to connect to
	 * @param settings how long to wait for a confirm
	 * @return the publisher, to be started
	 */
	public static ConfirmingPublisher inOrder(ConnectionFactory connections, PublishSettings settings) {
		return new ConfirmingPublisher(connections, settings, new PublicationQueue(Integer.MAX_VALUE, Long.MAX_VALUE),
				true);
	}

	/**
	 * Go on after a loss, with what is published from now on. Does nothing if the channel
	 * is open.
	 */
	public void resume() {
		this.writer.resume();
	}

	/**
	 * Publish one message, mandatory: it completes when the broker has routed and
	 * confirmed it. Fails with {@link NotPublishedException} if it was surely not taken
	 * (nowhere to route it to, refused, no connection, broker out of resources, too many
	 * waiting, not written within the confirm timeout), and with
	 * {@link UnconfirmedException} if it was written and the broker could not deal with
	 * it, which leaves open whether it is stored, or no confirm came in time or before
	 * the connection was lost.
	 * <p>
	 * Cancelling keeps a message from being written if it was not yet; it takes nothing
	 * back.
	 * @param publication the message
	 * @return published anew by each subscription
	 */
	public Mono<Void> publish(Publication publication) {
		return publish(publication, this.inOrder);
	}

	/**
	 * As {@link #publish}, but while the broker is out of resources and takes no messages
	 * (<a href="https://www.rabbitmq.com/docs/alarms">an alarm</a>), this one waits and
	 * its time limit stands still. For publishers that can be slowed down.
	 * @param publication the message
	 * @return published anew by each subscription
	 */
	public Mono<Void> publishPatiently(Publication publication) {
		return publish(publication, true);
	}

	/**
	 * Why {@link #publish} would fail now without an attempt.
	 * @return one sentence, or {@code null} if it is worth one
	 */
	public @Nullable String refusal() {
		return this.queue.refusal();
	}

	/**
	 * Why nothing is published at present, as far as that is known.
	 * @return one sentence, or {@code null}
	 */
	public @Nullable String problem() {
		String refusal = refusal();
		String denial = this.writer.denial();
		return (refusal == null && denial != null) ? "The broker refuses what is published (%s).".formatted(denial)
				: refusal;
	}

	/**
	 * Whether the broker takes no messages at present, because of an alarm.
	 */
	public boolean isBlocked() {
		return this.queue.isBlocked();
	}

	private Mono<Void> publish(Publication publication, boolean patient) {
		return Mono.create((result) -> {
			PendingPublication pending = new PendingPublication(publication, result, deadline(), patient);
			String refused = this.queue.offer(pending);
			if (refused != null) {
				pending.refuse(refused);
			}
			else {
				sweepLater();
			}
		});
	}

	/**
	 * How many publications have no result yet.
	 * @return the number of those that wait to be written or to be confirmed
	 */
	public int outstanding() {
		return this.queue.size() + this.writer.unconfirmed();
	}

	@Override
	public void start() {
		this.writer.start();
	}

	/**
	 * Take no more, and give what is outstanding a moment to be confirmed.
	 */
	@Override
	public void stop() {
		String closed = "The application is shutting down.";
		this.queue.close(closed);
		long deadline = System.nanoTime() + Math.min(this.timeout.toNanos(), LONGEST_STOP.toNanos());
		while (isBusy() && System.nanoTime() - deadline < 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
		}
		this.writer.stop(closed);
		this.signals.shutdown();
	}

	@Override
	public boolean isRunning() {
		return this.writer.isRunning();
	}

	/**
	 * Costs nothing while nobody publishes, and cannot be started twice.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return Phases.PUBLISHER;
	}

	/**
	 * In this order: what leaves the queue is taken until it is in the window.
	 */
	private boolean isBusy() {
		return !this.queue.isIdle() || this.writer.unconfirmed() > 0;
	}

	/** Sweep while something is outstanding, and no longer. */
	private void sweepLater() {
		if (isBusy() && !this.sweeping.getAndSet(true)) {
			this.signals.schedule(this::sweep, SWEEP);
		}
	}

	private void sweep() {
		this.sweeping.set(false);
		long now = System.nanoTime();
		if (this.queue.isBlocked()) {
			this.queue.postpone(deadline());
			this.writer.postpone(now, deadline());
		}
		for (PendingPublication overdue : this.queue.takeOverdue(now)) {
			overdue.refuse("The message could not be sent in time.");
		}
		this.writer.abandonOverdue(now, this.timeout);
		sweepLater();
	}

	private long deadline() {
		return System.nanoTime() + this.timeout.toNanos();
	}

}
