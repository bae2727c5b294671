package dev.hellostream.log.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Connection;
import dev.hellostream.amqp.BrokerConnections;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * All who read what is older than the tail: on one connection, opened when it is needed,
 * and so many at a time. Others wait, in the order in which they came.
 */
final class StreamCatchUps {

	private static final int MOST = 32;

	private static final int THREADS = 4;

	private static final Duration CONNECT_INTERVAL = Duration.ofSeconds(1);

	private final BrokerConnections connections;

	private final String stream;

	/** Where the AMQP client may block. */
	private final Scheduler scheduler = Schedulers.newBoundedElastic(THREADS, Integer.MAX_VALUE, "log-catch-up");

	private final Queue<StreamCatchUp> waiting = new ArrayDeque<>();

	private int open;

	private long opened;

	private @Nullable Connection connection;

	/** When the next attempt to connect may be made, however many wait for it. */
	private long connectAt = System.nanoTime();

	private boolean stopped;

	StreamCatchUps(BrokerConnections connections, String stream) {
		this.connections = connections;
		this.stream = stream;
	}

	String stream() {
		return this.stream;
	}

	Scheduler.Worker createWorker() {
		return this.scheduler.createWorker();
	}

	/**
	 * The connection that all share. Blocks.
	 * @return an open connection
	 * @throws IOException if there is none to be had
	 * @throws TimeoutException if the broker does not answer
	 */
	synchronized Connection connection() throws IOException, TimeoutException {
		if (this.stopped) {
			throw new IOException("The application is shutting down.");
		}
		Connection connection = this.connection;
		if (connection == null || !connection.isOpen()) {
			long now = System.nanoTime();
			if (now - this.connectAt < 0) {
				throw new IOException("The connection was lost a moment ago.");
			}
			this.connectAt = now + CONNECT_INTERVAL.toNanos();
			connection = this.connections.open("hello-stream log catch-up");
			this.connection = connection;
		}
		return connection;
	}

	/** Begin now or when it is this one's turn. */
	void enter(StreamCatchUp catchUp) {
		synchronized (this.waiting) {
			if (this.open == MOST) {
				this.waiting.add(catchUp);
				return;
			}
			this.open++;
			this.opened++;
		}
		catchUp.begin();
	}

	void leave(StreamCatchUp catchUp) {
		StreamCatchUp next;
		synchronized (this.waiting) {
			if (this.waiting.remove(catchUp)) {
				return;
			}
			next = this.waiting.poll();
			if (next == null) {
				this.open--;
				return;
			}
			this.opened++;
		}
		next.begin();
	}

	int most() {
		return MOST;
	}

	int open() {
		synchronized (this.waiting) {
			return this.open;
		}
	}

	long opened() {
		synchronized (this.waiting) {
			return this.opened;
		}
	}

	synchronized void stop() {
		this.stopped = true;
		if (this.connection != null) {
			this.connection.abort(1_000);
		}
		this.scheduler.dispose();
	}

}
