package dev.hellostream.log.stream;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * One consumer of the RabbitMQ stream that reads the history, as soon as it has a permit.
 * The broker sends deliveries up to the prefetch, and more only when those have been
 * taken.
 */
final class HistoryConsumer implements StreamSubscription.Listener, Runnable {

	private static final long CHECK_MILLIS = 10_000;

	private static final Logger logger = LoggerFactory.getLogger(HistoryConsumer.class);

	private final StreamHistory history;

	private final Object offset;

	private final int prefetch;

	/** Runs everything that may block, one task after the other. */
	private final Scheduler.Worker worker;

	private final FluxSink<Delivery> sink;

	/** Confined to the worker. */
	private @Nullable StreamSubscription subscription;

	private final AtomicLong received = new AtomicLong();

	private final AtomicLong taken = new AtomicLong();

	/** Sum of the received and the taken deliveries at the last check. */
	private long seen;

	private HistoryConsumer(StreamHistory history, Object offset, int prefetch, FluxSink<Delivery> sink) {
		this.history = history;
		this.offset = offset;
		this.prefetch = prefetch;
		this.sink = sink;
		this.worker = history.createWorker();
	}

	/**
	 * Consume the RabbitMQ stream.
	 * @param history the history whose permits and connection are used
	 * @param offset where to begin
	 * @param prefetch how many entries the broker may send ahead
	 * @return the deliveries, each to be {@linkplain Delivery#take() taken}, and an error
	 * when no more will come
	 */
	static Flux<Delivery> consume(StreamHistory history, Object offset, int prefetch) {
		return Flux.create((sink) -> new HistoryConsumer(history, offset, prefetch, sink).begin());
	}

	private void begin() {
		schedule(() -> this.history.permits().acquire(this));
		this.sink.onDispose(() -> schedule(this::close));
	}

	/** Open the subscription when the permit is granted. */
	@Override
	public void run() {
		schedule(this::open);
	}

	private void open() {
		if (this.sink.isCancelled()) {
			return;
		}
		try {
			this.subscription = this.history.subscribe(this.offset, this.prefetch, this);
			this.worker.schedulePeriodically(this::look, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (Exception ex) {
			fail(ex);
		}
	}

	/**
	 * Fail if all deliveries are taken and no more come: RabbitMQ 3.10 can forget a
	 * reader that retention has overtaken. The history is read only where entries follow.
	 */
	private void look() {
		long received = this.received.get();
		long taken = this.taken.get();
		if (received == taken && received + taken == this.seen) {
			onEnd("no entry was delivered for a while");
		}
		this.seen = received + taken;
	}

	private void close() {
		if (this.subscription != null) {
			this.subscription.close();
		}
		if (!this.history.permits().forget(this)) {
			this.history.permits().release();
		}
		this.worker.dispose();
	}

	private void schedule(Runnable task) {
		try {
			this.worker.schedule(task);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The application has ended");
		}
	}

	@Override
	public void onEntry(StreamSubscription subscription, long deliveryTag, StreamEntry entry) {
		this.received.incrementAndGet();
		this.sink.next(new Delivery(subscription, deliveryTag, entry));
	}

	@Override
	public void onEnd(String reason) {
		fail(new StreamUnavailableException(reason));
	}

	private void fail(Exception failure) {
		logger.debug("A catch-up from {} has ended", this.offset, failure);
		this.sink.error(failure);
	}

	/**
	 * An entry that the broker has sent.
	 */
	final class Delivery {

		private final StreamSubscription subscription;

		private final long tag;

		private final StreamEntry entry;

		private Delivery(StreamSubscription subscription, long tag, StreamEntry entry) {
			this.subscription = subscription;
			this.tag = tag;
			this.entry = entry;
		}

		/** Take the entry, so that the broker sends more. For one thread at a time. */
		StreamEntry take() {
			HistoryConsumer consumer = HistoryConsumer.this;
			if (consumer.taken.incrementAndGet() % Math.max(1, consumer.prefetch / 4) == 0) {
				consumer.schedule(() -> this.subscription.acknowledge(this.tag));
			}
			return this.entry;
		}

	}

}
