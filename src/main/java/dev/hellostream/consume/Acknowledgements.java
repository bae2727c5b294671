package dev.hellostream.consume;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;

/**
 * Acknowledges the deliveries of one channel: in their order, cumulatively, and never
 * past one that has not been settled.
 *
 * <pre>
 *   17 settled   18 settled   19 open   20 settled
 *                └ basic.ack(18, multiple)         └ waits for 19
 * </pre>
 *
 * The executor, which has one thread, writes the acknowledgements. Deliveries that are
 * settled during a write are covered by the next acknowledgement.
 */
final class Acknowledgements {

	private static final Logger logger = LoggerFactory.getLogger(Acknowledgements.class);

	private final Writer writer;

	private final Executor executor;

	private final Queue<Delivery> unacknowledged = new ArrayDeque<>();

	private boolean scheduled;

	private boolean writing;

	private boolean abandoned;

	/**
	 * Create an instance without deliveries.
	 * @param writer writes an acknowledgement
	 * @param executor calls the writer, on one thread
	 */
	Acknowledgements(Writer writer, Executor executor) {
		this.writer = writer;
		this.executor = executor;
	}

	/**
	 * Register a delivery; to be called in the order of delivery.
	 * @param tag its delivery tag
	 * @return a subscriber to the processing, whose completion settles the delivery
	 */
	synchronized BaseSubscriber<Void> expect(long tag) {
		Delivery delivery = new Delivery(tag);
		if (this.abandoned) {
			delivery.dispose();
		}
		else {
			this.unacknowledged.add(delivery);
		}
		return delivery;
	}

	/**
	 * Cancel the processing of unsettled deliveries, present and future: the channel is
	 * closed, and the broker delivers them again. The last one is cancelled first, since
	 * cancelling one can release those behind it.
	 */
	void abandon() {
		List<Delivery> open;
		synchronized (this) {
			this.abandoned = true;
			open = List.copyOf(this.unacknowledged);
			this.unacknowledged.clear();
			notifyAll();
		}
		for (int i = open.size() - 1; i >= 0; i--) {
			open.get(i).dispose();
		}
	}

	private void settle(Delivery delivery) {
		synchronized (this) {
			delivery.settled = true;
			if (this.scheduled) {
				return;
			}
			this.scheduled = true;
		}
		try {
			this.executor.execute(this::acknowledge);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The application has ended before delivery {} was acknowledged", delivery.tag);
		}
	}

	/** The number of unacknowledged deliveries. */
	synchronized int size() {
		return this.unacknowledged.size();
	}

	/** How long the oldest of them has been unacknowledged. */
	synchronized Duration age() {
		Delivery first = this.unacknowledged.peek();
		return (first != null) ? Duration.ofNanos(System.nanoTime() - first.expected) : Duration.ZERO;
	}

	/**
	 * Wait until all deliveries are acknowledged or abandoned, or until the limit.
	 * @param limit how long to wait at most
	 * @throws InterruptedException if interrupted while waiting
	 */
	synchronized void await(Duration limit) throws InterruptedException {
		long deadline = System.nanoTime() + limit.toNanos();
		long left = limit.toMillis();
		while (left > 0 && (this.writing || !this.unacknowledged.isEmpty())) {
			wait(left);
			left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
		}
	}

	private void acknowledge() {
		List<Delivery> settled = takeSettled();
		if (!settled.isEmpty()) {
			write(settled);
		}
		synchronized (this) {
			this.writing = false;
			notifyAll();
		}
	}

	private void write(List<Delivery> settled) {
		long tag = settled.get(settled.size() - 1).tag;
		try {
			this.writer.write(tag, settled.size());
		}
		catch (IOException | RuntimeException ex) {
			// The channel is closed: the broker delivers them again, on another one.
			logger.debug("Acknowledgement up to {} was not sent", tag, ex);
		}
	}

	private synchronized List<Delivery> takeSettled() {
		this.scheduled = false;
		this.writing = true;
		List<Delivery> settled = new ArrayList<>();
		Delivery first = this.unacknowledged.peek();
		while (first != null && first.settled) {
			settled.add(this.unacknowledged.remove());
			first = this.unacknowledged.peek();
		}
		return settled;
	}

	/**
	 * Writes an acknowledgement.
	 */
	interface Writer {

		/**
		 * Acknowledge all deliveries up to one.
		 * @param tag its delivery tag
		 * @param count the number of deliveries
		 * @throws IOException if the channel is closed
		 */
		void write(long tag, int count) throws IOException;

	}

	private final class Delivery extends BaseSubscriber<Void> {

		private final long tag;

		private final long expected = System.nanoTime();

		private boolean settled;

		private Delivery(long tag) {
			this.tag = tag;
		}

		@Override
		protected void hookOnComplete() {
			settle(this);
		}

		@Override
		protected void hookOnError(Throwable failure) {
			logger.error("A delivery was neither appended to the log nor dead-lettered", failure);
		}

	}

}
