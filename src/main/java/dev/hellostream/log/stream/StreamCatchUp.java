package dev.hellostream.log.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.hellostream.amqp.BrokerConnections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Reads the stream from some place on for one reader. The broker sends as much as the
 * prefetch allows, and more only when that was taken.
 */
final class StreamCatchUp implements StreamSubscription.Listener {

	private static final long CHECK_MILLIS = 10_000;

	private static final Logger logger = LoggerFactory.getLogger(StreamCatchUp.class);

	private final StreamCatchUps catchUps;

	private final Object offset;

	private final int prefetch;

	private final Runnable wake;

	private final Scheduler.Worker worker;

	private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile @Nullable StreamSubscription subscription;

	private volatile boolean ended;

	/** Whether anything has happened since the last check. */
	private volatile boolean received;

	/** Confined to the worker. */
	private boolean entered;

	private int unacknowledged;

	/**
	 * Create a catch-up; {@link #open} begins it.
	 * @param catchUps the connection, and whose turn it is
	 * @param offset where to begin
	 * @param prefetch how many entries the broker may send ahead
	 * @param wake called on any thread when something has come, or nothing more will
	 */
	StreamCatchUp(StreamCatchUps catchUps, Object offset, int prefetch, Runnable wake) {
		this.catchUps = catchUps;
		this.offset = offset;
		this.prefetch = prefetch;
		this.wake = wake;
		this.worker = catchUps.createWorker();
	}

	/**
	 * Begin when it is this one's turn.
	 * @param delayMillis after this time, in milliseconds
	 */
	void open(long delayMillis) {
		schedule(() -> {
			if (!this.closed.get()) {
				this.entered = true;
				this.catchUps.enter(this);
			}
		}, delayMillis);
	}

	/** It is this one's turn. Called on any thread. */
	void begin() {
		schedule(() -> {
			if (this.closed.get()) {
				return;
			}
			try {
				StreamSubscription subscription = StreamSubscription.open(this.catchUps.connection(),
						this.catchUps.stream(), this.offset, this.prefetch, this);
				this.subscription = subscription;
				this.worker.schedulePeriodically(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (Exception ex) {
				logger.debug("No catch-up from {}", this.offset, ex);
				onEnd(BrokerConnections.describe(ex));
			}
		}, 0);
	}

	/**
	 * RabbitMQ 3.10 can forget a reader that retention has overtaken. There is always
	 * something to come, or nobody would read here.
	 */
	private void check() {
		if (!this.received && !this.ended && this.deliveries.isEmpty()) {
			onEnd("nothing has come for a while");
		}
		this.received = false;
	}

	@Override
	public void onEntry(StreamSubscription subscription, long deliveryTag, StreamEntry entry) {
		this.deliveries.add(new Delivery(deliveryTag, entry));
		this.received = true;
		this.wake.run();
	}

	@Override
	public void onEnd(String reason) {
		logger.debug("A catch-up has ended: {}", reason);
		this.ended = true;
		this.wake.run();
	}

	/** Nothing more will come than what can be taken now. */
	boolean isEnded() {
		return this.ended;
	}

	/**
	 * Take the next entry. For one thread at a time.
	 * @return the entry, or {@code null} if none has come yet
	 */
	@Nullable StreamEntry take() {
		Delivery delivery = this.deliveries.poll();
		if (delivery == null) {
			return null;
		}
		if (++this.unacknowledged >= Math.max(1, this.prefetch / 4)) {
			this.unacknowledged = 0;
			schedule(() -> {
				StreamSubscription subscription = this.subscription;
				if (subscription != null) {
					this.received = true;
					subscription.acknowledge(delivery.tag());
				}
			}, 0);
		}
		return delivery.entry();
	}

	/** End it. Does not block; safe for use by any thread. */
	void close() {
		if (this.closed.getAndSet(true)) {
			return;
		}
		schedule(() -> {
			StreamSubscription subscription = this.subscription;
			if (subscription != null) {
				subscription.close();
			}
			if (this.entered) {
				this.catchUps.leave(this);
			}
			this.worker.dispose();
		}, 0);
	}

	private void schedule(Runnable task, long delayMillis) {
		try {
			this.worker.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The application has ended");
		}
	}

	private record Delivery(long tag, StreamEntry entry) {
	}

}
