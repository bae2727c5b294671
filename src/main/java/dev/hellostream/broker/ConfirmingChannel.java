package dev.hellostream.broker;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import com.rabbitmq.client.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
public final class ConfirmingChannel implements SmartLifecycle {

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

	static final String NO_CONNECTION = "There is no connection to the broker.";

	private static final Logger logger = LoggerFactory.getLogger(ConfirmingChannel.class);

	private static final Duration SWEEP = Duration.ofMillis(50);

	private static final Duration LONGEST_STOP = Duration.ofSeconds(3);

	private final ConnectionFactory connections;

	private final Duration timeout;

	private final PublicationQueue queue;

	private final ScheduledExecutorService signals = Executors
		.newSingleThreadScheduledExecutor((task) -> daemon(task, "publish-signals"));

	private final Thread writer = daemon(this::write, "publish-writer");

	private final boolean inOrder;

	private final Backoff backoff = new Backoff();

	/** Whether another link may be opened; of interest only where order counts. */
	private final AtomicBoolean resumed = new AtomicBoolean(true);

	private volatile @Nullable PublisherLink link;

	private volatile boolean writing;

	private volatile long writingSince;

	private volatile boolean running;

	ConfirmingChannel(ConnectionFactory connections, PublishSettings settings, PublicationQueue queue) {
		this(connections, settings, queue, false);
	}

	private ConfirmingChannel(ConnectionFactory connections, PublishSettings settings, PublicationQueue queue,
			boolean inOrder) {
		this.inOrder = inOrder;
		ConnectionFactory publishing = connections.getPublisherConnectionFactory();
		this.connections = (publishing != null) ? publishing : connections;
		this.timeout = settings.confirmTimeout();
		this.queue = queue;
	}

	/**
	 * Create a channel for a publisher that publishes again, in order, what has failed.
	 * When the channel is lost, nothing is written over another one before
	 * {@link #resume()}: it would overtake what was lost. Nothing is refused for being
	 * too much, and everything is {@linkplain #publishPatiently patient}: the caller
	 * bounds what is under way.
	 * @param connections where to connect to
	 * @param settings how long to wait for a confirm
	 * @return the channel, to be started
	 */
	public static ConfirmingChannel inOrder(ConnectionFactory connections, PublishSettings settings) {
		return new ConfirmingChannel(connections, settings, new PublicationQueue(Integer.MAX_VALUE, Long.MAX_VALUE),
				true);
	}

	/**
	 * Go on after a loss, with what is published from now on. Does nothing if the channel
	 * is open.
	 */
	public void resume() {
		PublisherLink link = this.link;
		this.resumed.set(link == null || !link.isOpen());
		this.queue.open();
	}

	/**
	 * Publish one message, mandatory: it completes when the broker has routed and
	 * confirmed it. Fails with {@link NotPublishedException} if it was surely not taken
	 * (nowhere to route it to, no connection, broker out of resources, too many waiting,
	 * not written within the confirm timeout), and with {@link UnconfirmedException} if
	 * it was written and the broker could not deal with it, which leaves open whether it
	 * is stored, or no confirm came in time or before the connection was lost.
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
	 * @return one sentence, or empty if it is worth one
	 */
	public Optional<String> refusal() {
		return Optional.ofNullable(this.queue.refusal());
	}

	/**
	 * Whether the broker takes no messages at present, because of an alarm.
	 */
	boolean isBlocked() {
		return this.queue.isBlocked();
	}

	private Mono<Void> publish(Publication publication, boolean patient) {
		return Mono.create((result) -> {
			PendingPublication pending = new PendingPublication(publication, result, deadline(), patient);
			String refused = this.queue.offer(pending);
			if (refused != null) {
				pending.refuse(refused);
			}
		});
	}

	/**
	 * How many publications have no result yet.
	 * @return the number of those that wait to be written or to be confirmed
	 */
	public int outstanding() {
		PublisherLink link = this.link;
		return this.queue.size() + ((link != null) ? link.unconfirmed() : 0);
	}

	@Override
	public void start() {
		this.running = true;
		this.writer.start();
		Future<?> unused = this.signals.scheduleWithFixedDelay(this::sweep, SWEEP.toMillis(), SWEEP.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	/**
	 * Take no more, and give what is outstanding a moment to be confirmed.
	 */
	@Override
	public void stop() {
		String closed = "The application is shutting down.";
		this.queue.close(closed);
		long deadline = System.nanoTime() + Math.min(this.timeout.toNanos(), LONGEST_STOP.toNanos());
		while ((outstanding() > 0 || this.writing) && System.nanoTime() - deadline < 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
		}
		this.running = false;
		this.writer.interrupt();
		refuse(this.queue.shut(closed), closed);
		PublisherLink link = this.link;
		if (link != null) {
			link.giveUp(closed);
			abort(link);
		}
		this.signals.shutdown();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Costs nothing while nobody publishes, and cannot be started twice.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	/**
	 * Among the last to stop, while the connection factory still lives.
	 */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE + 1000;
	}

	private void write() {
		while (this.running) {
			try {
				PendingPublication next = this.queue.take();
				this.writingSince = System.nanoTime();
				this.writing = true;
				PublisherLink open = open(next);
				if (open != null) {
					open.write(next);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
			finally {
				this.writing = false;
			}
		}
	}

	private @Nullable PublisherLink open(PendingPublication first) {
		PublisherLink link = this.link;
		if (link != null && link.isOpen()) {
			return link;
		}
		if (this.inOrder && !this.resumed.getAndSet(false)) {
			refuse(List.of(first), NO_CONNECTION);
			return null;
		}
		try {
			Connection connection = this.connections.createConnection().getDelegate();
			if (connection == null) {
				throw new IllegalStateException("No connection");
			}
			link = new PublisherLink(connection, this::signal, this::blocked, this::usable);
			this.link = link;
			this.backoff.succeeded();
			return link;
		}
		catch (Exception ex) {
			Duration delay = this.backoff.failed();
			logger.debug("No connection for publishing, next attempt in {}", delay, ex);
			refuse(List.of(first), NO_CONNECTION);
			refuse(this.queue.shut(NO_CONNECTION), NO_CONNECTION);
			Future<?> unused = this.signals.schedule(this.queue::open, delay.toMillis(), TimeUnit.MILLISECONDS);
			return null;
		}
	}

	private void blocked(String reason) {
		String refusal = "The broker takes no messages at present (%s).".formatted(reason);
		logger.warn("The broker has blocked publishing until it has recovered: {}", reason);
		refuse(this.queue.block(refusal), refusal);
	}

	private void usable() {
		this.queue.unblock();
		this.queue.open();
	}

	private void sweep() {
		long now = System.nanoTime();
		PublisherLink link = this.link;
		if (this.queue.isBlocked()) {
			this.queue.postpone(deadline());
			this.writingSince = now;
			if (link != null) {
				link.postpone(deadline());
			}
		}
		for (PendingPublication overdue : this.queue.takeOverdue(now)) {
			overdue.refuse("The message could not be sent in time.");
		}
		if (link != null) {
			link.takeOverdue(now);
			if (this.writing && now - this.writingSince > this.timeout.toNanos()) {
				// The broker reads nothing, or has stopped this channel. A new one can do
				// better, and only its end frees the writer.
				this.writingSince = now;
				abort(link);
			}
		}
	}

	private long deadline() {
		return System.nanoTime() + this.timeout.toNanos();
	}

	private void abort(PublisherLink link) {
		daemon(link::abort, "publish-abort").start();
	}

	private void refuse(List<PendingPublication> publications, String reason) {
		if (!publications.isEmpty()) {
			signal(() -> publications.forEach((publication) -> publication.refuse(reason)));
		}
	}

	private void signal(Runnable completion) {
		try {
			this.signals.execute(completion);
		}
		catch (RejectedExecutionException ex) {
			// Shut down: the last ones must not wait for ever.
			completion.run();
		}
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

}
