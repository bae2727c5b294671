package dev.hellostream.log.stream;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.hellostream.log.LogItem;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * One reader of a log: a place in the log, which its kind knows, and a demand. It emits
 * no more than is requested and holds no entries but the batch that it is emitting.
 * Signals are serial, on one worker of the scheduler; whoever has something new only
 * wakes it. It never completes.
 */
abstract class LogReader implements Subscription, Runnable {

	private static final int BATCH = 64;

	private static final int BATCHES_IN_A_ROW = 16;

	private final Set<LogReader> readers;

	private final Subscriber<? super LogItem> subscriber;

	private final Scheduler.Worker worker;

	private final AtomicLong requested = new AtomicLong();

	private final AtomicInteger wakeUps = new AtomicInteger();

	private volatile boolean cancelled;

	/**
	 * Create a reader.
	 * @param readers those to be woken; this one is among them as long as it has a
	 * subscriber
	 * @param subscriber who is given the items
	 * @param scheduler where that is done, not to be blocked
	 */
	LogReader(Set<LogReader> readers, Subscriber<? super LogItem> subscriber, Scheduler scheduler) {
		this.readers = readers;
		this.subscriber = subscriber;
		this.worker = scheduler.createWorker();
	}

	@Override
	public void request(long count) {
		if (Operators.validate(count)) {
			this.requested.accumulateAndGet(count, Operators::addCap);
			this.readers.add(this);
			drain();
		}
		if (this.cancelled) {
			this.readers.remove(this);
		}
	}

	/**
	 * Find what comes next. Called on the worker's thread only.
	 * @param batch where it goes
	 * @return how much there was
	 */
	abstract int fill(LogItem[] batch);

	/**
	 * Whether nothing more is wanted. Safe for use by any thread.
	 * @return true after {@link #cancel()}
	 */
	final boolean isCancelled() {
		return this.cancelled;
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		this.readers.remove(this);
		this.worker.dispose();
	}

	/**
	 * Emit what can be emitted, soon and on the worker's thread.
	 */
	void drain() {
		if (this.wakeUps.getAndIncrement() == 0) {
			schedule();
		}
	}

	private void schedule() {
		try {
			this.worker.schedule(this);
		}
		catch (RejectedExecutionException ex) {
			// Cancelled, or the scheduler has ended with the application.
			this.readers.remove(this);
		}
	}

	@Override
	public void run() {
		int seen = this.wakeUps.get();
		while (seen != 0) {
			if (emit()) {
				// Others share this worker's thread.
				schedule();
				return;
			}
			seen = this.wakeUps.addAndGet(-seen);
		}
	}

	private boolean emit() {
		long demand = this.requested.get();
		for (int batches = 0; demand > 0; batches++) {
			if (batches == BATCHES_IN_A_ROW) {
				return true;
			}
			LogItem[] batch = new LogItem[(int) Math.min(demand, BATCH)];
			int count = fill(batch);
			for (int i = 0; i < count; i++) {
				if (this.cancelled) {
					return false;
				}
				this.subscriber.onNext(batch[i]);
			}
			if (count == 0) {
				return false;
			}
			int emitted = count;
			demand = this.requested.updateAndGet((before) -> (before == Long.MAX_VALUE) ? before : before - emitted);
		}
		return false;
	}

}
