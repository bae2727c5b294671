package dev.hellostream.broker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What waits to be written, in the order of subscription, bounded by count and bytes, and
 * shut while nothing can be written. Thread-safe; only {@link #take()} waits.
 */
final class PublicationQueue {

	private static final String BUSY = "Too many messages wait to be published: try again in a moment.";

	private final int maxCount;

	private final long maxBytes;

	private final Deque<PendingPublication> waiting = new ArrayDeque<>();

	private long bytes;

	private @Nullable String shutReason;

	private boolean closed;

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
		if (this.shutReason != null) {
			return this.shutReason;
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
	 * Take the first, waiting for one if need be. What was cancelled meanwhile is left
	 * out.
	 * @return the next to write
	 * @throws InterruptedException if interrupted while waiting
	 */
	synchronized PendingPublication take() throws InterruptedException {
		while (true) {
			while (this.waiting.isEmpty()) {
				wait();
			}
			PendingPublication first = removeFirst();
			if (!first.isCancelled()) {
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
		List<PendingPublication> overdue = new ArrayList<>();
		for (Iterator<PendingPublication> all = this.waiting.iterator(); all.hasNext();) {
			PendingPublication publication = all.next();
			if (publication.isCancelled() || publication.isOverdue(nanoTime)) {
				all.remove();
				this.bytes -= publication.size();
				overdue.add(publication);
			}
		}
		return overdue;
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

	synchronized int size() {
		return this.waiting.size();
	}

	private PendingPublication removeFirst() {
		PendingPublication first = this.waiting.removeFirst();
		this.bytes -= first.size();
		return first;
	}

}
