package dev.hellostream.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The publications written to one channel that still wait for their confirms, by delivery
 * tag (<a href="https://www.rabbitmq.com/docs/confirms#publisher-confirms">publisher
 * confirms</a>). Thread-safe. Methods that remove publications return them in the order
 * in which they were written, for the caller to complete.
 */
final class UnconfirmedWindow {

	private final NavigableMap<Long, PendingPublication> unconfirmed = new TreeMap<>();

	/** The highest delivery tag that was removed as overdue. */
	private long lastOverdue;

	private boolean closed;

	/**
	 * Add a publication before it is written, since its confirm can arrive before the
	 * write returns.
	 * @param tag the delivery tag that the channel will assign to it
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
	 * Mark a returned message, which RabbitMQ still confirms a moment later.
	 * @param tag its delivery tag
	 * @param reason the reason, for the caller of an API
	 */
	synchronized void markReturned(long tag, String reason) {
		PendingPublication publication = this.unconfirmed.get(tag);
		if (publication != null) {
			publication.markReturned(reason);
		}
	}

	/**
	 * Remove the publications that an ack or a nack settles.
	 * @param tag the delivery tag
	 * @param multiple whether it settles all up to this tag
	 * @return the settled publications; a tag that was removed before is no error
	 */
	synchronized List<PendingPublication> settle(long tag, boolean multiple) {
		if (!multiple) {
			PendingPublication publication = this.unconfirmed.remove(tag);
			return (publication != null) ? List.of(publication) : List.of();
		}
		return takeAll(this.unconfirmed.headMap(tag, true));
	}

	/**
	 * Remove the publications that are overdue.
	 * @param nanoTime the present {@link System#nanoTime()}
	 * @return the overdue publications
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
	 * Set a new deadline for the patient publications.
	 * @param deadline their new deadline
	 */
	synchronized void postpone(long deadline) {
		this.unconfirmed.values().forEach((publication) -> publication.postpone(deadline));
	}

	/**
	 * Remove the publication that was written last.
	 * @return the publication, or {@code null} if it no longer waits
	 */
	synchronized @Nullable PendingPublication takeLast() {
		boolean waits = !this.unconfirmed.isEmpty() && this.unconfirmed.lastKey() > this.lastOverdue;
		return waits ? this.unconfirmed.pollLastEntry().getValue() : null;
	}

	/**
	 * Close for good: nothing will be confirmed any more.
	 * @return all publications that were still waiting
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
