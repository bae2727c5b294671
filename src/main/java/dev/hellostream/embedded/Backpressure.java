package dev.hellostream.embedded;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.qpid.server.model.OverflowPolicy;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.plugin.ConnectionValidator;
import org.apache.qpid.server.transport.AMQPConnection;
import org.apache.qpid.server.transport.NetworkConnectionScheduler;
import org.apache.qpid.server.transport.network.Ticker;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/**
 * Slows down publishers of the embedded broker as RabbitMQ does: by reading less from
 * their sockets. The broker's own means are {@code channel.flow}, which many clients
 * ignore, and rejection, which loses messages that are published without confirms.
 * <p>
 * From its first message on, a publishing connection is served by a few separate threads.
 * Before each read that follows new messages it pauses, the longer the further all queues
 * except rings together exceed the thresholds of {@link EmbeddedBrokerMemory}, and at
 * most {@value #LONGEST_PAUSE_MILLIS} ms: a connection that both publishes and consumes
 * must be able to continue. The small number of threads limits the rate of all publishers
 * together. Connections that only consume have other threads and never wait.
 * <p>
 * Public because the broker finds it with a {@link java.util.ServiceLoader}: one instance
 * for each broker.
 */
public final class Backpressure implements ConnectionValidator {

	private static final int LONGEST_PAUSE_MILLIS = 250;

	private static final int THREADS = 4;

	private @Nullable NetworkConnectionScheduler scheduler;

	private int publishers;

	@Override
	public String getType() {
		return "PUBLISHER-BACKPRESSURE";
	}

	@Override
	public boolean validateConnectionCreation(AMQPConnection<?> connection, QueueManagingVirtualHost<?> virtualHost) {
		connection.getAggregateTicker().addTicker(new Pause(connection, virtualHost));
		return true;
	}

	// Takes effect at the end of the connection's turn, like its move from the port to
	// the virtual host when it was opened. The threads run while there are publishers.
	private synchronized void serveWithOthers(AMQPConnection<?> connection) {
		NetworkConnectionScheduler scheduler = this.scheduler;
		if (scheduler == null) {
			scheduler = new NetworkConnectionScheduler("publishers", 1, THREADS, 1, Backpressure::daemon);
			scheduler.start();
			this.scheduler = scheduler;
		}
		this.publishers++;
		connection.addDeleteTask((closed) -> leave());
		connection.popScheduler();
		connection.pushScheduler(scheduler);
	}

	private synchronized void leave() {
		this.publishers--;
		if (this.publishers == 0 && this.scheduler != null) {
			this.scheduler.close();
			this.scheduler = null;
		}
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "publishers");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Queried by the selector and by the thread that serves the connection. Only the
	 * latter calls {@link #tick}, before it reads.
	 */
	private final class Pause implements Ticker {

		private final AMQPConnection<?> connection;

		private final QueueManagingVirtualHost<?> virtualHost;

		private final long messageMark;

		private final long byteMark;

		private volatile long seen;

		Pause(AMQPConnection<?> connection, QueueManagingVirtualHost<?> virtualHost) {
			this.connection = connection;
			this.virtualHost = virtualHost;
			this.messageMark = virtualHost.getContextValue(Long.class, EmbeddedBrokerMemory.MESSAGES);
			this.byteMark = virtualHost.getContextValue(Long.class, EmbeddedBrokerMemory.BYTES);
		}

		@Override
		public int getTimeToNextTick(long currentTime) {
			return (this.connection.getMessagesIn() != this.seen) ? 0 : Integer.MAX_VALUE;
		}

		@Override
		public int tick(long currentTime) {
			long published = this.connection.getMessagesIn();
			long before = this.seen;
			this.seen = published;
			if (before == 0 && published > 0) {
				serveWithOthers(this.connection);
			}
			else if (published != before) {
				LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(pauseMillis()));
			}
			return Integer.MAX_VALUE;
		}

		private long pauseMillis() {
			long messages = 0;
			long bytes = 0;
			for (Queue<?> queue : this.virtualHost.getChildren(Queue.class)) {
				if (queue.getOverflowPolicy() != OverflowPolicy.RING) {
					messages += queue.getQueueDepthMessages();
					bytes += queue.getQueueDepthBytes();
				}
			}
			double excess = Math.max((double) messages / this.messageMark, (double) bytes / this.byteMark) - 1;
			return Math.round(Math.max(0, Math.min(1, excess)) * LONGEST_PAUSE_MILLIS);
		}

	}

}
