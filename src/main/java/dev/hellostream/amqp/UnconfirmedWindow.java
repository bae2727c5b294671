package dev.hellostream.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What was written to one channel and waits for its confirm, by delivery tag
 * (<a href="https://www.rabbitmq.com/docs/confirms#publisher-confirms">publisher
 * confirms</a>). Thread-safe. Every method that takes publications out returns them, in
 * the order in which they were written, for the caller to complete.
 */
final class UnconfirmedWindow {

	private final NavigableMap<Long, PendingPublication> unconfirmed = new TreeMap<>();

	/** The last one that was given up for its time. */
	private long lastOverdue;

	private boolean closed;

	/**
	 * Add a publication, before it is written: its confirm can be faster than the return
	 * of the write.
	 * @param tag the delivery tag that the channel will give to it
	 * @param publication the publication
	 * @return {@code false} if the channel is lost and the window closed
	 */
	synchronized boolean add(long tag, PendingPublication publication) {
		if (!this.closed) {
			this.unconfirmed.put(tag, publication);
		}
		return !this.closed;
	}

	/**
	 * Mark a message that the broker returned: RabbitMQ confirms it nevertheless, a
	 * moment later.
	 * @param tag its delivery tag
	 * @param reason why, for the caller of an API
	 */
	synchronized void markReturned(long tag, String reason) {
		PendingPublication publication = this.unconfirmed.get(tag);
		if (publication != null) {
			publication.markReturned(reason);
		}
	}

	/**
	 * Take what an ack or a nack settles.
	 * @param tag the delivery tag
	 * @param multiple whether it stands for all up to it
	 * @return what is settled; a tag that is not there (given up before) is no error
	 */
	synchronized List<PendingPublication> settle(long tag, boolean multiple) {
		if (!multiple) {
			PendingPublication publication = this.unconfirmed.remove(tag);
			return (publication != null) ? List.of(publication) : List.of();
		}
		return takeAll(this.unconfirmed.headMap(tag, true));
	}

	/**
	 * Take what has waited too long.
	 * @param nanoTime the time now
	 * @return what is overdue
	 */
	synchronized List<PendingPublication> takeOverdue(long nanoTime) {
		List<PendingPublication> overdue = new ArrayList<>();
		this.unconfirmed.entrySet().removeIf((entry) -> {
			if (entry.getValue().isOverdue(nanoTime)) {
				overdue.add(entry.getValue());
				this.lastOverdue = Math.max(this.lastOverdue, entry.getKey());
				return true;
			}
			return false;
		});
		return overdue;
	}

	/**
	 * Let the time limit of those that are patient begin anew.
	 * @param deadline their new deadline
	 */
	synchronized void postpone(long deadline) {
		this.unconfirmed.values().forEach((publication) -> publication.postpone(deadline));
	}

	/**
	 * Take the last one that was written.
	 * @return that, or {@code null} if it is not waiting any more
	 */
	synchronized @Nullable PendingPublication takeLast() {
		boolean waits = !this.unconfirmed.isEmpty() && this.unconfirmed.lastKey() > this.lastOverdue;
		return waits ? this.unconfirmed.pollLastEntry().getValue() : null;
	}

	/**
	 * Close for good: nothing will be confirmed any more.
	 * @return all that was still waiting
	 */
	synchronized List<PendingPublication> close() {
		this.closed = true;
		return takeAll(this.unconfirmed);
	}

	synchronized int size() {
		return this.unconfirmed.size();
	}

	private static List<PendingPublication> takeAll(NavigableMap<Long, PendingPublication> part) {
		List<PendingPublication> taken = List.copyOf(part.values());
		part.clear();
		return taken;
	}

}
