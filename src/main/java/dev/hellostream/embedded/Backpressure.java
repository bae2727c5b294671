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
 * Makes publishers of the embedded broker wait, as RabbitMQ does: by reading less from
 * their sockets. The broker's own means are {@code channel.flow}, which many clients
 * ignore, and rejecting, which loses what is published without confirms.
 * <p>
 * A connection that publishes is served by threads of its own from then on. Before each
 * read it pauses, the longer the further the queues together are above the mark of
 * {@link EmbeddedBrokerMemory}, but never above {@value #LONGEST_PAUSE_MILLIS} ms:
 * whoever publishes and consumes on one connection must be able to go on. Since the
 * threads are few, that bounds what all publishers together can add, and since they are
 * not those of the consumers, these never wait.
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

	// Takes effect at the end of the connection's turn, as its move from port to virtual
	// host did when it was opened. The threads live as long as there are publishers.
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
	 * Asked by the selector and by the thread that serves the connection; ticks on the
	 * latter only, before it reads.
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
