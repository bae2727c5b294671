package dev.hellostream.broker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.qpid.server.model.OverflowPolicy;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.plugin.ConnectionValidator;
import org.apache.qpid.server.transport.AMQPConnection;
import org.apache.qpid.server.transport.network.Ticker;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;

/**
 * Makes publishers of the embedded broker wait, as RabbitMQ does: by reading less from
 * their sockets. The broker's own means are {@code channel.flow}, which many clients
 * ignore, and rejecting, which loses what is published without confirms.
 * <p>
 * A connection that has published since its last turn pauses before the next one, the
 * longer the further the queues together are above the mark of {@link BrokerMemory}, but
 * never above {@value #LONGEST_PAUSE_MILLIS} ms: whoever publishes and consumes on one
 * connection must be able to go on.
 * <p>
 * Public because the broker finds it with a {@link java.util.ServiceLoader}.
 */
public final class PublisherBackpressure implements ConnectionValidator {

	private static final int LONGEST_PAUSE_MILLIS = 1000;

	@Override
	public String getType() {
		return "PUBLISHER-BACKPRESSURE";
	}

	@Override
	public boolean validateConnectionCreation(AMQPConnection<?> connection, QueueManagingVirtualHost<?> virtualHost) {
		connection.getAggregateTicker().addTicker(new Pause(connection, virtualHost));
		return true;
	}

	/**
	 * Asked by the selector and by the connection's I/O thread; ticks on the latter only,
	 * before it reads.
	 */
	private static final class Pause implements Ticker {

		private final AMQPConnection<?> connection;

		private final QueueManagingVirtualHost<?> virtualHost;

		private final long messageMark;

		private final long byteMark;

		private volatile long seen;

		Pause(AMQPConnection<?> connection, QueueManagingVirtualHost<?> virtualHost) {
			this.connection = connection;
			this.virtualHost = virtualHost;
			this.messageMark = virtualHost.getContextValue(Long.class, BrokerMemory.MESSAGES);
			this.byteMark = virtualHost.getContextValue(Long.class, BrokerMemory.BYTES);
		}

		@Override
		public int getTimeToNextTick(long currentTime) {
			return (this.connection.getMessagesIn() != this.seen) ? 0 : Integer.MAX_VALUE;
		}

		@Override
		public int tick(long currentTime) {
			long published = this.connection.getMessagesIn();
			if (published != this.seen) {
				this.seen = published;
				long pause = pauseMillis();
				if (pause > 0) {
					LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(pause));
				}
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
			return Math.round(Math.min(1, excess) * LONGEST_PAUSE_MILLIS);
		}

	}

}
