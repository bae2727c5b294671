package dev.hellostream.log.stream;

import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.log.DeliveryLag;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.LogReading;
import dev.hellostream.log.LogSettings;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.Tail;
import dev.hellostream.start.Phases;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.context.SmartLifecycle;

/**
 * The log in a RabbitMQ stream, which any number of instances share, over AMQP 0-9-1.
 *
 * <pre>
 *   append ──► publisher ───────────► stream ──► tail reader ──► tail, in memory ──► readers
 *     ▲                                  │            │                                 ▲
 *     └───────── complete when ──────────┼────────────┘                                 │
 *                  read back             └──► history ─── older than the tail ──────────┘
 * </pre>
 *
 * The tail begins with the newest entries, however long the RabbitMQ stream is, and grows
 * up to the limits in the settings.
 */
final class RabbitStreamMessageLog implements MessageLog, SmartLifecycle {

	/** About how many of the newest entries the tail begins with. */
	private static final int HEAD = 8192;

	private final StreamTail streamTail;

	private final StreamAppender appender;

	private final Mono<Void> upToDate;

	private final RedeliveryGate gate;

	private final StreamHistory history;

	private final StreamTailReader tailReader;

	/** The last generation of the tail that has reached the end. */
	private int generation = -1;

	private @Nullable Thread thread;

	/**
	 * Create a log.
	 * @param settings the limits of the tail in memory
	 * @param stream the settings of the RabbitMQ stream
	 * @param connections opens the connections for reading
	 * @param publisher publishes the appends, and nothing else
	 * @param scheduler runs delayed tasks, and emits older entries to readers
	 * @param lag measures the delay of each message that comes
	 */
	RabbitStreamMessageLog(LogSettings settings, StreamSettings stream, BrokerConnections connections,
			ConfirmingPublisher publisher, Scheduler scheduler, DeliveryLag lag) {
		StreamDeclaration declaration = new StreamDeclaration(stream);
		this.streamTail = new StreamTail(HEAD, settings, lag);
		this.appender = new StreamAppender(publisher, declaration.name(), scheduler);
		this.upToDate = new StreamSynchronization(this.appender.appendMark(), scheduler).await();
		this.gate = new RedeliveryGate(this.upToDate, this.streamTail::find, this.appender::append);
		this.history = new StreamHistory(this.streamTail, this.upToDate, connections, declaration.name(), scheduler);
		this.tailReader = new StreamTailReader(connections, declaration, this.streamTail, this.appender,
				this::progress);
	}

	@Override
	public Mono<Position> append(ReceivedMessage message) {
		return this.gate.append(message);
	}

	@Override
	public Tail tail() {
		return this.streamTail.tail();
	}

	@Override
	public Flux<LogItem> read(ReadFrom from) {
		return this.history.ready().thenMany(LogReading.read(tail(), this.history, from));
	}

	@Override
	public Mono<LogItem> find(Position position) {
		return this.history.ready().then(LogReading.find(tail(), this.history, position));
	}

	/** Handle an entry that the tail has accepted. Called on one thread at a time. */
	private void progress(StreamEntry entry) {
		this.appender.read(entry, this.streamTail.isOvertaken());
		int generation = this.streamTail.generation();
		if (this.generation != generation && this.streamTail.hasReachedEnd()) {
			boolean anew = this.generation >= 0;
			this.generation = generation;
			// The end was the beginning of the last RabbitMQ chunk: more can follow.
			this.upToDate.subscribe(null, null, () -> show(generation, anew));
		}
	}

	private void show(int generation, boolean anew) {
		boolean overtaken = this.streamTail.isOvertaken();
		if (!this.streamTail.show(generation)) {
			return;
		}
		if (overtaken) {
			this.appender.expire();
		}
		else if (anew) {
			this.appender.appendAgain();
		}
	}

	StreamTail streamTail() {
		return this.streamTail;
	}

	StreamTailReader tailReader() {
		return this.tailReader;
	}

	StreamHistory history() {
		return this.history;
	}

	StreamAppender appender() {
		return this.appender;
	}

	@Override
	public long hidden() {
		return this.streamTail.hiddenWhileShown();
	}

	/** Wait until all that is in the log now has been read, at most 5 s. */
	Mono<Void> bringUpToDate() {
		return this.upToDate;
	}

	@Override
	public synchronized void start() {
		Thread thread = new Thread(this.tailReader, "log-tail");
		thread.setDaemon(true);
		thread.start();
		this.thread = thread;
	}

	@Override
	public synchronized void stop() {
		Thread thread = this.thread;
		this.thread = null;
		if (thread != null) {
			this.tailReader.stop();
			thread.interrupt();
			this.appender.stop();
			this.history.stop();
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.thread != null;
	}

	/** A log that was stopped cannot be started again. */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return Phases.LOG;
	}

}
