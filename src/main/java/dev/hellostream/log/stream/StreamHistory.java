package dev.hellostream.log.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Connection;
import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.log.CatchUpPermits;
import dev.hellostream.log.Entry;
import dev.hellostream.log.History;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Reads the history from the broker. All readers share one connection, which is opened on
 * demand, and each has a channel. At most {@value #MOST} read at a time, and the others
 * wait in the order of arrival.
 */
final class StreamHistory implements History {

	private static final int MOST = 32;

	private static final int THREADS = 4;

	private static final int LARGEST_PREFETCH = 256;

	private static final int SMALLEST_PREFETCH = 4;

	/** About how many bytes the broker may send ahead to one reader. */
	private static final int AHEAD_BYTES = 1 << 20;

	private static final Duration CONNECT_INTERVAL = Duration.ofSeconds(1);

	/** Delay between two attempts to read. */
	static final Duration REOPEN_INTERVAL = Duration.ofMillis(500);

	private static final int CLOSE_MILLIS = 1_000;

	private final StreamTail tail;

	private final Mono<Void> upToDate;

	private final BrokerConnections connections;

	private final String stream;

	private final Scheduler scheduler;

	private final CatchUpPermits permits = new CatchUpPermits(MOST);

	/** For calls of the AMQP client, which may block. */
	private final Scheduler io = Schedulers.newBoundedElastic(THREADS, Integer.MAX_VALUE, "log-catch-up");

	private @Nullable Connection connection;

	/** Earliest nano time of the next attempt to connect, for all readers. */
	private long connectAt = System.nanoTime();

	private boolean stopped;

	/**
	 * Create a history. It opens nothing before it is read.
	 * @param tail where readers continue
	 * @param upToDate completes when the tail has all entries that are in the log now, or
	 * after 5 s
	 * @param connections opens the connection
	 * @param stream the name of the RabbitMQ stream
	 * @param scheduler emits entries to readers
	 */
	StreamHistory(StreamTail tail, Mono<Void> upToDate, BrokerConnections connections, String stream,
			Scheduler scheduler) {
		this.tail = tail;
		this.upToDate = upToDate;
		this.connections = connections;
		this.stream = stream;
		this.scheduler = scheduler;
	}

	@Override
	public Flux<LogItem> read(@Nullable Position after) {
		return Flux.defer(() -> {
			HistoryReading reading = new HistoryReading(this, this.tail, after);
			return Flux.defer(reading::goOn).repeat(reading::isUnfinished);
		});
	}

	@Override
	public Mono<Entry> find(Position position) {
		return settle(position)
			.then(Mono.defer(() -> this.tail.isAhead(position) ? Mono.empty() : entries(position.offset()).next()))
			.retryWhen(Retry.fixedDelay(Long.MAX_VALUE, REOPEN_INTERVAL))
			.filter((entry) -> entry.position().equals(position) && !entry.mark())
			.map((entry) -> Entry.of(position, entry.message()));
	}

	/** Wait until the tail is shown. */
	Mono<Void> ready() {
		return Mono.defer(() -> this.tail.isShown() ? Mono.empty() : this.tail.whenShown().publishOn(this.scheduler));
	}

	/**
	 * Wait until it is certain whether a position is ahead of the tail: another instance
	 * may have sent it to a client a moment ago.
	 */
	Mono<Void> settle(Position position) {
		return ready().then(Mono.defer(() -> isSure(position))).repeat().takeUntil(Boolean::booleanValue).then();
	}

	private Mono<Boolean> isSure(Position position) {
		if (!this.tail.isAhead(position)) {
			return Mono.just(true);
		}
		// Certain only if the tail reader was attached before and after the wait.
		boolean attached = this.tail.isAttached();
		return this.upToDate.publishOn(this.scheduler)
			.then(Mono.fromSupplier(() -> attached && this.tail.isAttached()));
	}

	/**
	 * Read the RabbitMQ stream. The broker sends about 1 MB ahead of the demand.
	 * @param offset where to begin, as in {@link StreamSubscription#open}
	 * @return all entries from there on, and an error when no more will come
	 */
	Flux<StreamEntry> entries(Object offset) {
		long average = Math.max(1, this.tail.tail().averageWeight());
		int prefetch = (int) Math.max(SMALLEST_PREFETCH, Math.min(LARGEST_PREFETCH, AHEAD_BYTES / average));
		return HistoryConsumer.consume(this, offset, prefetch)
			.publishOn(this.scheduler, prefetch)
			.map(HistoryConsumer.Delivery::take);
	}

	/**
	 * Open a subscription. Blocks.
	 */
	StreamSubscription subscribe(Object offset, int prefetch, StreamSubscription.Listener listener)
			throws IOException, TimeoutException {
		return StreamSubscription.open(connection(), this.stream, offset, prefetch, listener);
	}

	private synchronized Connection connection() throws IOException, TimeoutException {
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

	/** Create a worker for tasks that may block, run one after the other. */
	Scheduler.Worker createWorker() {
		return this.io.createWorker();
	}

	/** Return the permits that bound the number of readers at a time. */
	CatchUpPermits permits() {
		return this.permits;
	}

	synchronized void stop() {
		this.stopped = true;
		if (this.connection != null) {
			this.connection.abort(CLOSE_MILLIS);
		}
		this.io.dispose();
	}

}
