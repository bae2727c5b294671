package dev.hellostream.log.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.DeliveryLag;
import dev.hellostream.log.LogExtent;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.LogSettings;
import dev.hellostream.log.MeasuredLog;
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
 * The log that any number of instances share: a stream of RabbitMQ, over AMQP 0-9-1.
 *
 * <pre>
 *   append ──► publisher ───────────► stream ──► tail reader ──► tail, in memory ──► readers
 *     ▲                                  │            │                                 ▲
 *     └───────── complete when ──────────┼────────────┘                                 │
 *                  read back             └──► catch-up ── older than the tail ──────────┘
 * </pre>
 *
 * The tail begins with the newest entries, however long the stream is, and grows to what
 * the settings allow.
 */
final class RabbitStreamMessageLog implements MessageLog, MeasuredLog, SmartLifecycle {

	/** How many entries are read at the start. */
	private static final int HEAD = 8192;

	private static final int LARGEST_PREFETCH = 256;

	private static final int SMALLEST_PREFETCH = 4;

	/** How much the broker may send ahead to one reader, about. */
	private static final int CATCH_UP_BYTES = 1 << 20;

	private final Set<LogReader> readers = ConcurrentHashMap.newKeySet();

	private final Scheduler scheduler;

	private final StreamTail streamTail;

	private final StreamAppender appender;

	private final StreamSynchronization synchronization;

	private final RedeliveryGate gate;

	private final StreamCatchUps catchUps;

	private final StreamTailReader tailReader;

	/** The generation of the tail that has last come to the end of the stream. */
	private int generation = -1;

	private @Nullable Thread thread;

	/**
	 * Create a log.
	 * @param settings how much is kept in memory
	 * @param stream the stream
	 * @param connections opens connections to read with
	 * @param publisher to append with, used by nobody else
	 * @param scheduler where readers are given their items
	 * @param lag told of each message that comes
	 */
	RabbitStreamMessageLog(LogSettings settings, StreamSettings stream, BrokerConnections connections,
			ConfirmingPublisher publisher, Scheduler scheduler, DeliveryLag lag) {
		StreamDeclaration declaration = new StreamDeclaration(stream);
		this.scheduler = scheduler;
		this.streamTail = new StreamTail(HEAD, settings, lag);
		this.appender = new StreamAppender(publisher, declaration.name(), scheduler);
		this.synchronization = new StreamSynchronization(this.appender.appendMark(), scheduler);
		this.gate = new RedeliveryGate(this.synchronization.await(), this.streamTail::find, this.appender::append);
		this.catchUps = new StreamCatchUps(connections, declaration.name());
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
		return read(from, false).takeUntil((item) -> item instanceof CaughtUp);
	}

	@Override
	public Mono<LogItem> find(Position position) {
		return read(ReadFrom.after(position), true).next();
	}

	private Flux<LogItem> read(ReadFrom from, boolean inclusive) {
		return Flux
			.from((subscriber) -> subscriber.onSubscribe(new StreamLogReader(this, from, inclusive, subscriber)));
	}

	/** Called by the tail reader, on one thread at a time. */
	private void progress(StreamEntry entry) {
		this.appender.read(entry, this.streamTail.isOvertaken());
		int generation = this.streamTail.generation();
		if (this.generation != generation && this.streamTail.hasReachedEnd()) {
			boolean anew = this.generation >= 0;
			this.generation = generation;
			// The end was where the last chunk begins.
			this.synchronization.await().subscribe(null, null, () -> show(generation, anew));
		}
		this.readers.forEach(LogReader::drain);
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
		this.readers.forEach(LogReader::drain);
	}

	Set<LogReader> readers() {
		return this.readers;
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	StreamTail streamTail() {
		return this.streamTail;
	}

	StreamTailReader tailReader() {
		return this.tailReader;
	}

	StreamCatchUps catchUps() {
		return this.catchUps;
	}

	StreamAppender appender() {
		return this.appender;
	}

	@Override
	public LogExtent extent() {
		return this.streamTail.extent();
	}

	@Override
	public long hidden() {
		return this.streamTail.hiddenWhileShown();
	}

	/** Completes when this instance has read what is in the stream now. */
	Mono<Void> bringUpToDate() {
		return this.synchronization.await();
	}

	/**
	 * Prepare to read from the broker.
	 * @param offset where to begin
	 * @param wake called when something has come
	 * @return what reads, to be opened
	 */
	StreamCatchUp catchUp(Object offset, Runnable wake) {
		int prefetch = CATCH_UP_BYTES / this.streamTail.averageWeight();
		return new StreamCatchUp(this.catchUps, offset,
				Math.max(SMALLEST_PREFETCH, Math.min(LARGEST_PREFETCH, prefetch)), wake);
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
			this.catchUps.stop();
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.thread != null;
	}

	/** It cannot be started twice. */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return Phases.LOG;
	}

}
