package dev.hellostream.amqp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.util.backoff.BackOffExecution;

/**
 * The thread {@code publish-writer}: takes publications from the queue, in order, and
 * writes them to a link. The link is opened when there is something to publish, and again
 * after a loss, one attempt at a time. No other thread but {@code publish-abort} blocks
 * on the socket.
 */
final class PublicationWriter {

	private static final Logger logger = LoggerFactory.getLogger(PublicationWriter.class);

	private static final Duration REFUSAL_TOLD = Duration.ofMinutes(1);

	private final ConnectionFactory connections;

	private final PublicationQueue queue;

	private final PublicationSignals signals;

	private final boolean inOrder;

	private final Thread thread = daemon(this::write, "publish-writer");

	private BackOffExecution backOff = BrokerConnections.backOff();

	/** Whether another link may be opened; used only if {@link #inOrder}. */
	private final AtomicBoolean resumed = new AtomicBoolean(true);

	private volatile @Nullable PublisherLink link;

	private volatile @Nullable String denial;

	private volatile boolean writing;

	private volatile long writingSince;

	private volatile boolean running;

	private volatile long refusalTold = System.nanoTime() - REFUSAL_TOLD.toNanos();

	/**
	 * Create a writer.
	 * @param connections the connection factory; its publisher connection factory is used
	 * if it has one
	 * @param queue the publications to write
	 * @param signals completes publications
	 * @param inOrder whether nothing is written after a loss before {@link #resume()}
	 */
	PublicationWriter(ConnectionFactory connections, PublicationQueue queue, PublicationSignals signals,
			boolean inOrder) {
		ConnectionFactory publishing = connections.getPublisherConnectionFactory();
		this.connections = (publishing != null) ? publishing : connections;
		this.queue = queue;
		this.signals = signals;
		this.inOrder = inOrder;
	}

	void start() {
		this.running = true;
		this.thread.start();
	}

	boolean isRunning() {
		return this.running;
	}

	void resume() {
		PublisherLink link = this.link;
		this.resumed.set(link == null || !link.isOpen());
		this.queue.open();
	}

	int unconfirmed() {
		PublisherLink link = this.link;
		return (link != null) ? link.unconfirmed() : 0;
	}

	/** The broker's words if it closed the last channel for lack of a permission. */
	@Nullable String denial() {
		return this.denial;
	}

	/**
	 * Stop writing. Publications that are not written are refused, and those that are not
	 * confirmed are abandoned.
	 * @param reason one sentence for the callers that published them
	 */
	void stop(String reason) {
		this.running = false;
		this.thread.interrupt();
		this.signals.refuse(this.queue.shut(reason), reason);
		PublisherLink link = this.link;
		if (link != null) {
			link.abandon(reason);
			abort(link);
		}
	}

	/** Extend the time limits of patient publications while the broker reads nothing. */
	void postpone(long now, long deadline) {
		this.writingSince = now;
		PublisherLink link = this.link;
		if (link != null) {
			link.postpone(deadline);
		}
	}

	/**
	 * Abandon the publications that were not confirmed in time, and abort the link if a
	 * write is stuck.
	 * @param now the present {@link System#nanoTime()}
	 * @param timeout how long writing one message may take
	 */
	void abandonOverdue(long now, Duration timeout) {
		PublisherLink link = this.link;
		if (link == null) {
			return;
		}
		link.abandonOverdue(now);
		if (this.writing && now - this.writingSince > timeout.toNanos()) {
			// The broker reads nothing, or has stopped this channel. A new channel may
			// work, and only closing this one releases the writer.
			this.writingSince = now;
			abort(link);
		}
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
			this.signals.refuse(List.of(first), ConfirmingPublisher.NO_CONNECTION);
			return null;
		}
		try {
			Connection connection = BrokerConnections.connection(this.connections);
			this.denial = null;
			link = new PublisherLink(connection, this.signals, this::blocked, this::refused, this::usable);
			this.link = link;
			this.backOff = BrokerConnections.backOff();
			return link;
		}
		catch (Exception ex) {
			long delay = this.backOff.nextBackOff();
			logger.debug("No connection for publishing, next attempt in {} ms", delay, ex);
			this.signals.refuse(List.of(first), ConfirmingPublisher.NO_CONNECTION);
			this.signals.refuse(this.queue.shut(ConfirmingPublisher.NO_CONNECTION), ConfirmingPublisher.NO_CONNECTION);
			this.signals.schedule(this.queue::open, Duration.ofMillis(delay));
			return null;
		}
	}

	private void blocked(String reason) {
		String refusal = "The broker accepts no messages at present (%s).".formatted(reason);
		logger.warn("The broker has blocked publishing until it has recovered: {}", reason);
		this.signals.refuse(this.queue.block(refusal), refusal);
	}

	/**
	 * Log at most one refusal a minute: each message can cause one, which closes a
	 * channel.
	 */
	private void refused(String words) {
		if (words.startsWith(AMQP.ACCESS_REFUSED + " ")) {
			this.denial = BrokerConnections.forAnybody(words);
		}
		long now = System.nanoTime();
		if (now - this.refusalTold > REFUSAL_TOLD.toNanos()) {
			this.refusalTold = now;
			logger.warn("The broker refuses publications: {}", words);
		}
	}

	private void usable() {
		this.queue.unblock();
		this.queue.open();
	}

	private static void abort(PublisherLink link) {
		daemon(link::abort, "publish-abort").start();
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

}
