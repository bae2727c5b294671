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
 * Publishes with confirms, in order, over one long-lived channel on a connection without
 * consumers (a broker short of memory stops reading from connections that publish).
 * <p>
 * Publications are written in the order of subscription, without waiting for the confirms
 * of earlier ones. Only threads of this package block on the socket. Results are
 * signalled on the thread {@code publish-signals}, where subscribers must not block, or
 * during the subscription if a publication is refused at once. The connection is opened
 * when there is something to publish, one attempt at a time.
 */
public final class ConfirmingPublisher implements SmartLifecycle {

	/**
	 * The header that identifies a returned message: a number without meaning to other
	 * programs. This application removes it from the messages that it consumes.
	 */
	public static final String PUBLISH_HEADER = "x-hello-stream-publish";

	/**
	 * The header with the creation time of a message in milliseconds, since AMQP's
	 * timestamp has whole seconds. RabbitMQ itself uses this name
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
	 * Create a publisher for a caller that repeats failed publications in order. When the
	 * channel is lost, nothing is written to a new one before {@link #resume()}: it would
	 * overtake the lost publications. The queue is unbounded, and all publications are
	 * {@linkplain #publishPatiently patient}: the caller bounds those under way.
	 * @param connections the connection factory
	 * @param settings the confirm timeout
	 * @return the publisher, to be started
	 */
	public static ConfirmingPublisher inOrder(ConnectionFactory connections, PublishSettings settings) {
		return new ConfirmingPublisher(connections, settings, new PublicationQueue(Integer.MAX_VALUE, Long.MAX_VALUE),
				true);
	}

	/**
	 * Resume after a loss, with the publications that follow. Does nothing if the channel
	 * is open.
	 */
	public void resume() {
		this.writer.resume();
	}

	/**
	 * Publish one message with the mandatory flag. The result completes when the broker
	 * has routed and confirmed the message. It fails with {@link NotPublishedException}
	 * if the broker certainly did not accept the message (no route, refused, no
	 * connection, broker out of resources, too many waiting, not written within the
	 * confirm timeout), and with {@link UnconfirmedException} if the message was written
	 * and may be stored: the broker failed to handle it, no confirm came in time, or the
	 * channel was lost before.
	 * <p>
	 * A cancelled publication is not written any more; if it has been written, it is not
	 * withdrawn.
	 * @param publication the message
	 * @return the result; each subscription publishes the message again
	 */
	public Mono<Void> publish(Publication publication) {
		return publish(publication, this.inOrder);
	}

	/**
	 * As {@link #publish}, but while the broker is out of resources and accepts no
	 * messages (<a href="https://www.rabbitmq.com/docs/alarms">an alarm</a>), the
	 * publication waits. Its time limit starts over after the alarm. For publishers that
	 * can be slowed down.
	 * @param publication the message
	 * @return the result; each subscription publishes the message again
	 */
	public Mono<Void> publishPatiently(Publication publication) {
		return publish(publication, true);
	}

	/**
	 * The reason why {@link #publish} would fail now without an attempt.
	 * @return one sentence, or {@code null} if an attempt is useful
	 */
	public @Nullable String refusal() {
		return this.queue.refusal();
	}

	/**
	 * The reason why nothing can be published at present, if one is known.
	 * @return one sentence, or {@code null}
	 */
	public @Nullable String problem() {
		String refusal = refusal();
		String denial = this.writer.denial();
		return (refusal == null && denial != null) ? "The broker refuses publications (%s).".formatted(denial)
				: refusal;
	}

	/** Whether the broker accepts no messages at present, because of an alarm. */
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
	 * Count the publications without a result.
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
	 * Refuse new publications, and wait up to 3 s for the outstanding confirms.
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

	/** An idle publisher costs nothing, and it cannot be started twice. */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return Phases.PUBLISHER;
	}

	/**
	 * The order of the checks matters: a publication that has left the queue counts as
	 * taken until it is in the window.
	 */
	private boolean isBusy() {
		return !this.queue.isIdle() || this.writer.unconfirmed() > 0;
	}

	/** Schedule a sweep if a publication is outstanding and none is scheduled. */
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
