package dev.hellostream.log.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.amqp.BrokerConnections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.backoff.BackOffExecution;

/**
 * Follows the end of the RabbitMQ stream, on a connection of its own, and reconnects
 * after every failure. The thread that runs it connects and watches; entries are added to
 * the tail, and subscribers woken, on the thread that reads the connection.
 *
 * <p>
 * When it attaches, it first finds the end: RabbitMQ sends nothing to a reader at an
 * offset beyond the end, where the last known offset may be if the RabbitMQ stream was
 * deleted and recreated meanwhile. Reading then begins with the last known entry, not
 * after it: if that is unchanged, the RabbitMQ stream is the same.
 */
final class StreamTailReader implements Runnable {

	/** A reader that runs this long counts as healthy, and the back-off starts over. */
	private static final Duration SUCCESS = Duration.ofSeconds(5);

	private static final Duration CHECK = Duration.ofSeconds(10);

	private static final int PREFETCH = 1000;

	private static final int CLOSE_MILLIS = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(StreamTailReader.class);

	private final BrokerConnections connections;

	private final StreamDeclaration declaration;

	private final StreamTail tail;

	private final StreamAppender appender;

	private final Consumer<StreamEntry> progress;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private volatile @Nullable String problem = "It has not been read yet.";

	/**
	 * Create a reader, to be run on a thread of its own.
	 * @param connections opens the connections
	 * @param declaration declares the RabbitMQ stream
	 * @param tail accepts the entries
	 * @param appender begins when the RabbitMQ stream exists, and appends marks
	 * @param progress receives every entry that the tail has accepted
	 */
	StreamTailReader(BrokerConnections connections, StreamDeclaration declaration, StreamTail tail,
			StreamAppender appender, Consumer<StreamEntry> progress) {
		this.connections = connections;
		this.declaration = declaration;
		this.tail = tail;
		this.appender = appender;
		this.progress = progress;
	}

	@Override
	public void run() {
		BackOffExecution backOff = BrokerConnections.backOff();
		try {
			while (this.stopped.getCount() > 0) {
				long start = System.nanoTime();
				follow();
				if (System.nanoTime() - start > SUCCESS.toNanos()) {
					backOff = BrokerConnections.backOff();
				}
				if (this.stopped.await(backOff.nextBackOff(), TimeUnit.MILLISECONDS)) {
					return;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	void stop() {
		this.stopped.countDown();
	}

	/** Return why reading fails, without confidential names; {@code null} if it works. */
	@Nullable String problem() {
		return this.problem;
	}

	private void follow() throws InterruptedException {
		Connection connection = null;
		Following following = new Following();
		try {
			connection = this.connections.open("hello-stream log tail");
			if (this.declaration.declare(connection)) {
				this.appender.mark();
			}
			this.appender.begin();
			long end = StreamEnd.find(connection, this.declaration.name(), this.appender::mark);
			long start = this.tail.attach(end);
			StreamSubscription.open(connection, this.declaration.name(), start, PREFETCH, following);
			report(null);
			report(watch(following, connection));
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (StreamUnavailableException ex) {
			report(BrokerConnections.describe(ex));
		}
		catch (Exception ex) {
			logger.debug("The stream is not followed", ex);
			String words = "the broker cannot be reached, or the RabbitMQ stream cannot be read (%s)"
				.formatted(BrokerConnections.describe(ex));
			if (connection == null && !(ex.getCause() instanceof ShutdownSignalException)) {
				// QueueWatch logs that the broker is unreachable, with the address.
				this.problem = BrokerConnections.forAnybody(words);
			}
			else {
				report(words);
			}
		}
		finally {
			following.finish();
			this.tail.detach();
			if (connection != null) {
				connection.abort(CLOSE_MILLIS);
			}
		}
	}

	/**
	 * Wait for the end, and check that entries come: RabbitMQ 3.10 can forget a reader
	 * that retention has overtaken, and the RabbitMQ stream can be another one. Appends
	 * must be read back: if only other entries come, a mark shows whether they are lost.
	 */
	private String watch(Following following, Connection connection)
			throws InterruptedException, ExecutionException, IOException {
		while (true) {
			long before = this.tail.received();
			if (following.await(CHECK)) {
				return following.ended.get();
			}
			boolean waiting = this.appender.isWaiting();
			if (this.tail.received() != before) {
				if (waiting) {
					this.appender.mark();
				}
			}
			else if (hasMore(connection) && this.tail.received() == before) {
				return "It has entries that are not delivered. Reading it again.";
			}
			else if (waiting) {
				this.appender.appendAgain();
				return "Appended entries are not delivered. Reading it again.";
			}
		}
	}

	private boolean hasMore(Connection connection) throws InterruptedException, IOException {
		try {
			return StreamEnd.find(connection, this.declaration.name(), () -> {
			}) > this.tail.last().offset();
		}
		catch (StreamUnavailableException ex) {
			logger.debug("The end of the stream is not known", ex);
			return false;
		}
	}

	/** Show less of a problem in the public health than in the application log. */
	private void report(@Nullable String problem) {
		String forAnybody = (problem != null) ? BrokerConnections.forAnybody(problem) : null;
		if (!Objects.equals(forAnybody, this.problem)) {
			this.problem = forAnybody;
			if (problem == null) {
				logger.info("Reading RabbitMQ stream '{}'", this.declaration.name());
			}
			else {
				logger.warn("RabbitMQ stream '{}' cannot be read, trying again: {}", this.declaration.name(), problem);
			}
		}
	}

	/**
	 * Passes entries to the tail until it is finished: the AMQP client may still deliver
	 * entries of a connection that was lost.
	 */
	private final class Following implements StreamSubscription.Listener {

		private final CompletableFuture<String> ended = new CompletableFuture<>();

		private int unacknowledged;

		private Runnable acknowledgement = () -> {
		};

		private boolean finished;

		@Override
		public synchronized void onEntry(StreamSubscription subscription, long deliveryTag, StreamEntry entry) {
			if (this.finished) {
				return;
			}
			if (!StreamTailReader.this.tail.accept(entry)) {
				onEnd("It was recreated, or entries were removed. Reading it again.");
				finish();
				return;
			}
			StreamTailReader.this.progress.accept(entry);
			this.acknowledgement = () -> subscription.acknowledge(deliveryTag);
			if (++this.unacknowledged >= PREFETCH / 4) {
				acknowledge();
			}
		}

		private void acknowledge() {
			if (this.unacknowledged > 0) {
				this.unacknowledged = 0;
				this.acknowledgement.run();
			}
		}

		/**
		 * Wait for the end up to the limit, and then acknowledge: RabbitMQ closes a
		 * channel that leaves a delivery unacknowledged for 30 minutes.
		 * @return whether the end has come
		 */
		boolean await(Duration limit) throws InterruptedException, ExecutionException {
			try {
				this.ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
				return true;
			}
			catch (TimeoutException ex) {
				synchronized (this) {
					acknowledge();
				}
				return false;
			}
		}

		@Override
		public void onEnd(String reason) {
			this.ended.complete(reason);
		}

		synchronized void finish() {
			this.finished = true;
		}

	}

}
