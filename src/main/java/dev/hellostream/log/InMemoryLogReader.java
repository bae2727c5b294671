package dev.hellostream.log;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * One reader of the {@link InMemoryMessageLog}: a place in the log and a demand. It emits
 * no more than is requested and holds no entries but the batch that it is emitting.
 * Signals are serial, on one worker of the scheduler; an append only wakes it. It never
 * completes.
 */
final class InMemoryLogReader implements Subscription, Runnable {

	private static final int BATCH = 64;

	private static final int BATCHES_IN_A_ROW = 16;

	private final RetainedEntries entries;

	private final Set<InMemoryLogReader> readers;

	private final ReadFrom from;

	private final Subscriber<? super LogItem> subscriber;

	private final Scheduler.Worker worker;

	private final AtomicLong requested = new AtomicLong();

	private final AtomicInteger wakeUps = new AtomicInteger();

	private volatile boolean cancelled;

	/** What was emitted last; null until the place to begin is found. */
	private @Nullable Position position;

	private boolean caughtUp;

	InMemoryLogReader(RetainedEntries entries, Set<InMemoryLogReader> readers, ReadFrom from,
			Subscriber<? super LogItem> subscriber, Scheduler scheduler) {
		this.entries = entries;
		this.readers = readers;
		this.from = from;
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

	private int fill(LogItem[] batch) {
		synchronized (this.entries) {
			if (this.position == null) {
				this.position = begin();
				if (this.position == null) {
					return fillWithGap(batch, ((ReadFrom.After) this.from).position());
				}
			}
			if (this.position.offset() < this.entries.floor().offset()) {
				return fillWithGap(batch, this.position);
			}
			int count = this.entries.copyAfter(this.position.offset(), batch);
			if (count > 0) {
				this.position = ((LogEntry) batch[count - 1]).position();
			}
			else if (!this.caughtUp) {
				this.caughtUp = true;
				batch[0] = new CaughtUp(this.entries.last());
				return 1;
			}
			return count;
		}
	}

	private int fillWithGap(LogItem[] batch, Position asked) {
		batch[0] = new Gap(asked, this.entries.first());
		this.position = this.entries.floor();
		return 1;
	}

	private @Nullable Position begin() {
		if (this.from instanceof ReadFrom.After after) {
			return this.entries.knows(after.position()) ? after.position() : null;
		}
		return (this.from instanceof ReadFrom.Newest newest) ? this.entries.beforeNewest(newest.count())
				: this.entries.floor();
	}

}
