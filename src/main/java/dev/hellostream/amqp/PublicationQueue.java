package dev.hellostream.amqp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The publications that wait to be written, in the order of subscription; bounded by
 * count and bytes, and shut while nothing can be written. While the broker is blocked,
 * patient ones wait and others are refused. Thread-safe; only {@link #take()} blocks.
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

	/** Whether the publication that was taken last is still being written. */
	private boolean taken;

	PublicationQueue(int maxCount, long maxBytes) {
		this.maxCount = maxCount;
		this.maxBytes = maxBytes;
	}

	/**
	 * Add a publication to the end. An empty queue accepts a message above the bound.
	 * @param publication the publication to write
	 * @return {@code null}, or the reason for the refusal
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
	 * The reason why an impatient publication would be refused now, however few wait.
	 * @return the reason, or {@code null}
	 */
	synchronized @Nullable String refusal() {
		return (this.shutReason != null) ? this.shutReason : this.blockedReason;
	}

	/**
	 * Remove the first publication, waiting for one if necessary. Cancelled ones are
	 * skipped. A call tells the queue that the publication taken before has been written.
	 * @return the next publication to write
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
	 * Remove the publications that are overdue or cancelled.
	 * @param nanoTime the present {@link System#nanoTime()}
	 * @return the removed publications
	 */
	synchronized List<PendingPublication> takeOverdue(long nanoTime) {
		return removeIf((publication) -> publication.isCancelled() || publication.isOverdue(nanoTime));
	}

	/**
	 * Refuse all publications until {@link #open()}.
	 * @param reason the reason, for the caller of an API
	 * @return the publications that were waiting, now removed
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
	 * Hand out no publication until {@link #unblock()}.
	 * @param reason the reason, for the caller of an API
	 * @return the waiting publications that are not patient, now removed
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
	 * Set a new deadline for the patient publications.
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
	 * Refuse all publications from now on; those that wait can still be taken.
	 * @param reason the reason, for the caller of an API
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
