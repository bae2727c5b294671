package dev.hellostream.amqp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * What waits to be written, in the order of subscription, bounded by count and bytes, and
 * shut while nothing can be written. While the broker is blocked, those that are patient
 * stay and the others are not taken. Thread-safe; only {@link #take()} waits.
 */
final class PublicationQueue {

	private static final String BUSY = "Too many messages wait to be published: try again in a moment.";

	private final int maxCount;

	private final long maxBytes;

	private final Deque<PendingPublication> waiting = new ArrayDeque<>();

	private long bytes;

	private @Nullable String shutReason;

	private @Nullable String blockedReason;

	private boolean closed;

	/** Whether the one that was taken last is still being written. */
	private boolean taken;

	PublicationQueue(int maxCount, long maxBytes) {
		this.maxCount = maxCount;
		this.maxBytes = maxBytes;
	}

	/**
	 * Add to the end. A message that is larger than the bound is taken when it is the
	 * only one.
	 * @param publication what is to be written
	 * @return {@code null}, or the reason why it is not taken
	 */
	synchronized @Nullable String offer(PendingPublication publication) {
		String refusal = refusal();
		if (refusal != null && !(this.shutReason == null && publication.isPatient())) {
			return refusal;
		}
		boolean full = this.waiting.size() >= this.maxCount || this.bytes + publication.size() > this.maxBytes;
		if (full && !this.waiting.isEmpty()) {
			return BUSY;
		}
		this.waiting.add(publication);
		this.bytes += publication.size();
		notifyAll();
		return null;
	}

	/**
	 * Why a publication that is not patient would not be taken now, however few wait.
	 * @return the reason, or {@code null}
	 */
	synchronized @Nullable String refusal() {
		return (this.shutReason != null) ? this.shutReason : this.blockedReason;
	}

	/**
	 * Take the first, waiting for one if need be. What was cancelled meanwhile is left
	 * out. The one that was taken before has been written by now.
	 * @return the next to write
	 * @throws InterruptedException if interrupted while waiting
	 */
	synchronized PendingPublication take() throws InterruptedException {
		this.taken = false;
		while (true) {
			while (this.waiting.isEmpty() || this.blockedReason != null) {
				wait();
			}
			PendingPublication first = removeFirst();
			if (!first.isCancelled()) {
				this.taken = true;
				return first;
			}
		}
	}

	/**
	 * Take what has waited too long, and forget what was cancelled.
	 * @param nanoTime the time now
	 * @return what is overdue
	 */
	synchronized List<PendingPublication> takeOverdue(long nanoTime) {
		return removeIf((publication) -> publication.isCancelled() || publication.isOverdue(nanoTime));
	}

	/**
	 * Take no more until {@link #open()}.
	 * @param reason why, for the caller of an API
	 * @return all that was waiting
	 */
	synchronized List<PendingPublication> shut(String reason) {
		if (!this.closed) {
			this.shutReason = reason;
		}
		List<PendingPublication> taken = List.copyOf(this.waiting);
		this.waiting.clear();
		this.bytes = 0;
		return taken;
	}

	/**
	 * Give nothing out until {@link #unblock()}.
	 * @param reason why, for the caller of an API
	 * @return those waiting that are not patient
	 */
	synchronized List<PendingPublication> block(String reason) {
		this.blockedReason = reason;
		return removeIf((publication) -> !publication.isPatient());
	}

	synchronized void unblock() {
		this.blockedReason = null;
		notifyAll();
	}

	synchronized boolean isBlocked() {
		return this.blockedReason != null;
	}

	/**
	 * Let the time limit of those that are patient begin anew.
	 * @param deadline their new deadline
	 */
	synchronized void postpone(long deadline) {
		this.waiting.forEach((publication) -> publication.postpone(deadline));
	}

	synchronized void open() {
		if (!this.closed) {
			this.shutReason = null;
		}
	}

	/**
	 * Take no more for good; what waits already can still be taken.
	 * @param reason why, for the caller of an API
	 */
	synchronized void close(String reason) {
		this.shutReason = reason;
		this.closed = true;
	}

	/** Whether nothing waits and nothing is being written. */
	synchronized boolean isIdle() {
		return this.waiting.isEmpty() && !this.taken;
	}

	synchronized int size() {
		return this.waiting.size();
	}

	private List<PendingPublication> removeIf(Predicate<PendingPublication> condition) {
		List<PendingPublication> removed = new ArrayList<>();
		for (Iterator<PendingPublication> all = this.waiting.iterator(); all.hasNext();) {
			PendingPublication publication = all.next();
			if (condition.test(publication)) {
				all.remove();
				this.bytes -= publication.size();
				removed.add(publication);
			}
		}
		return removed;
	}

	private PendingPublication removeFirst() {
		PendingPublication first = this.waiting.removeFirst();
		this.bytes -= first.size();
		return first;
	}

}
