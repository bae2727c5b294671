package dev.hellostream.consume;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.amqp.BrokerRefusal;
import dev.hellostream.queue.QueueAvailable;
import dev.hellostream.queue.QueueWatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The consumer of this instance, on a connection of its own, which is opened again after
 * each loss. A message that closes the connection at each delivery does not stop the
 * others, see {@link Prefetch}.
 * <p>
 * Apart from {@link #stop()}, blocks only threads of its own.
 */
@Component
class QueueConsumer implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(QueueConsumer.class);

	private static final int HEAP_SHARE = 8;

	/** Reached after 6 s, when {@link QueueWatch} has inspected the queue again. */
	private static final int MANY_FAILURES = 6;

	private static final Duration STALLED = Duration.ofSeconds(10);

	private static final Duration AT_ONCE = Duration.ofSeconds(5);

	private static final int CLOSE_MILLIS = 2_000;

	private static final String STREAM = "Queue '%s' is a RabbitMQ stream, whose messages are missed while the application "
			+ "is not connected: name a queue in hello-stream.queue.name, and start again.";

	private final BrokerConnections connections;

	private final QueueWatch queue;

	private final QueueListener listener;

	private final Prefetch prefetch = new Prefetch();

	private final ExecutorService acknowledger = Executors
		.newSingleThreadExecutor((task) -> daemon(task, "acknowledge"));

	private final LongAdder skipped = new LongAdder();

	private final long maxBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;

	private @Nullable Thread thread;

	private boolean available;

	private boolean stopped;

	private @Nullable Consumption current;

	/** Whether the queue looks like a RabbitMQ stream, which reports no consumers. */
	private boolean suspect;

	/** The reason why this queue is never consumed. */
	private @Nullable String refusal;

	/** The last failure since the last acknowledgement. */
	private @Nullable String trouble;

	private int failures;

	private boolean told;

	private BackOffExecution backOff = backOff();

	QueueConsumer(BrokerConnections connections, QueueWatch queue, QueueListener listener) {
		this.connections = connections;
		this.queue = queue;
		this.listener = listener;
	}

	/**
	 * Begin to consume, or begin again: the embedded broker does not tell a consumer that
	 * its queue is gone.
	 * @param event reports that the queue is available
	 */
	@EventListener
	synchronized void begin(QueueAvailable event) {
		if (this.refusal != null) {
			return;
		}
		this.available = true;
		notifyAll();
		// RabbitMQ does not count a consumer that waits in DeliveryMemory: do not end it.
		if (this.current != null && this.current.acknowledgements().size() == 0) {
			boolean nothing = !this.current.isDelivered() && this.queue.status().messages() > 0;
			this.suspect = nothing || this.current.isStreamed();
			this.current.end();
		}
	}

	@Override
	public synchronized void start() {
		this.thread = daemon(this::run, "queue-consumer");
		this.thread.start();
	}

	/** Deliveries that are not in the log by the end remain in the queue. */
	@Override
	public void stop() {
		Consumption current;
		synchronized (this) {
			this.stopped = true;
			this.thread = null;
			notifyAll();
			current = this.current;
		}
		if (current != null) {
			current.finish();
		}
		this.acknowledger.shutdown();
	}

	@Override
	public synchronized boolean isRunning() {
		return this.thread != null;
	}

	private void run() {
		try {
			while (awaitTurn()) {
				consume();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Wait for the queue, and after a failure for the back-off. */
	private synchronized boolean awaitTurn() throws InterruptedException {
		long pause = (this.trouble != null) ? TimeUnit.MILLISECONDS.toNanos(this.backOff.nextBackOff()) : 0;
		long turn = System.nanoTime() + pause;
		while (!this.stopped && (!this.available || turn - System.nanoTime() > 0)) {
			long millis = TimeUnit.NANOSECONDS.toMillis(turn - System.nanoTime());
			wait(this.available ? Math.max(millis, 1) : 0);
		}
		return !this.stopped;
	}

	private void consume() {
		Connection connection = null;
		Consumption consumption = null;
		boolean waiting = false;
		long begun = System.nanoTime();
		String failure;
		try {
			connection = this.connections.open("hello-stream consume");
			Channel channel = BrokerConnections.channel(connection);
			if (wasSuspect() && isStream(connection)) {
				connection.abort(CLOSE_MILLIS);
				refuse(STREAM.formatted(this.queue.name()));
				return;
			}
			waiting = channel.messageCount(this.queue.name()) > 0;
			if (this.prefetch.next() == 0) {
				skip(channel);
			}
			consumption = new Consumption(channel, this.queue.name(), this.prefetch, this.listener::receive,
					this::progress, new DeliveryMemory(this.maxBytes), this.acknowledger);
			failure = begin(consumption) ? consumption.run() : null;
		}
		catch (IOException | TimeoutException | RuntimeException ex) {
			logger.debug("The queue is not consumed", ex);
			failure = BrokerConnections.describe(ex);
		}
		if (failure != null) {
			count(consumption, waiting && isLost(connection), begun);
		}
		if (connection != null) {
			connection.abort(CLOSE_MILLIS);
		}
		if (failure != null) {
			failed(failure);
		}
	}

	/** Count a loss that a message may have caused. */
	private void count(@Nullable Consumption consumption, boolean lostWhileWaiting, long begun) {
		boolean delivered = consumption != null && consumption.isDelivered();
		if (delivered || lostWhileWaiting) {
			// A message that closes the connection does so at once; a large one may be
			// slow.
			this.prefetch.lost(delivered || System.nanoTime() - begun > AT_ONCE.toNanos());
		}
	}

	private synchronized boolean begin(Consumption consumption) {
		this.current = consumption;
		return !this.stopped;
	}

	private synchronized boolean wasSuspect() {
		boolean was = this.suspect;
		this.suspect = false;
		return was;
	}

	/**
	 * A RabbitMQ stream refuses basic.get. From any other queue, the message returns when
	 * the channel closes, before this instance consumes any.
	 */
	private boolean isStream(Connection connection) throws IOException {
		try {
			BrokerRefusal.orResult(connection, (channel) -> channel.basicGet(this.queue.name(), false));
			return false;
		}
		catch (BrokerRefusal ex) {
			return ex.code() == AMQP.NOT_IMPLEMENTED;
		}
	}

	private synchronized void refuse(String reason) {
		this.refusal = reason;
		this.available = false;
		this.current = null;
		logger.warn(reason);
	}

	/** Whether the connection is closed, and not by the broker's operator. */
	private static boolean isLost(@Nullable Connection connection) {
		return connection != null && !connection.isOpen()
				&& !(connection.getCloseReason().getReason() instanceof AMQP.Connection.Close close
						&& close.getReplyCode() == AMQP.CONNECTION_FORCED);
	}

	/**
	 * Get the first message, which cannot be delivered, without acknowledgement: the
	 * broker removes it when it sends it.
	 */
	private void skip(Channel channel) throws IOException {
		this.prefetch.skipped();
		GetResponse first;
		try {
			first = channel.basicGet(this.queue.name(), true);
		}
		catch (IOException | RuntimeException ex) {
			this.skipped.increment();
			logger.warn("The first message of queue '{}' cannot be delivered: each attempt closes the connection ({}). "
					+ "It was skipped and is lost", this.queue.name(), BrokerConnections.describe(ex));
			throw ex;
		}
		if (first != null) {
			this.listener.receive(new Delivery(first.getEnvelope(), first.getProps(), first.getBody()))
				.subscribe(null,
						(ex) -> logger.error("A delivery was neither appended to the log nor dead-lettered", ex));
		}
	}

	private synchronized void failed(String reason) {
		this.trouble = reason;
		if (!this.queue.status().isAvailable()) {
			this.failures = 0;
		}
		else if (++this.failures >= MANY_FAILURES && !this.told) {
			this.told = true;
			logger.warn("Queue '{}' exists and cannot be consumed, trying again: {}", this.queue.name(), reason);
		}
	}

	/** Reset the failures. Only an acknowledgement is progress, a connection is not. */
	private synchronized void progress() {
		if (this.told) {
			logger.info("Queue '{}' is consumed again", this.queue.name());
		}
		this.told = false;
		this.failures = 0;
		this.trouble = null;
		this.backOff = backOff();
	}

	/**
	 * The reason why waiting messages are not consumed.
	 * @return one sentence, or {@code null} if there is no problem
	 */
	synchronized @Nullable String problem() {
		if (this.refusal != null) {
			return this.refusal;
		}
		if (this.trouble != null && this.queue.status().messages() > 0) {
			return "Messages wait in the queue and none is delivered: " + BrokerConnections.forAnybody(this.trouble);
		}
		if (this.current != null && this.current.acknowledgements().age().compareTo(STALLED) > 0) {
			return "%d messages were delivered, and the log has not stored them for %d s"
				.formatted(this.current.acknowledgements().size(), this.current.acknowledgements().age().toSeconds());
		}
		return null;
	}

	/** The number of messages that were skipped because they could not be delivered. */
	long skipped() {
		return this.skipped.sum();
	}

	/** The number of unacknowledged deliveries. */
	synchronized int unacknowledged() {
		return (this.current != null) ? this.current.acknowledgements().size() : 0;
	}

	/** The size of the bodies of the deliveries under way, in bytes. */
	synchronized long bytes() {
		return (this.current != null) ? this.current.memory().bytes() : 0;
	}

	long maxBytes() {
		return this.maxBytes;
	}

	/**
	 * The first delays are longer than elsewhere: after five losses a message is skipped,
	 * and a broker that is unavailable for some seconds must not cause that.
	 */
	private static BackOffExecution backOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(500, 1.5);
		backOff.setMaxInterval(5_000);
		return backOff.start();
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

}
