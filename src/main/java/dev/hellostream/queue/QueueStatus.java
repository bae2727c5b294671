package dev.hellostream.queue;

import org.springframework.boot.health.contributor.Status;

/**
 * Status of the queue at the last inspection.
 *
 * @param queue the name of the queue
 * @param state its state
 * @param consumers number of its consumers, this application's included
 * @param messages number of messages that wait in it
 * @param detail one sentence for people: the meaning, and the next step if there is one
 */
public record QueueStatus(String queue, State state, int consumers, long messages, String detail) {

	/** Health status while the application waits for the broker or the queue. */
	public static final Status WAITING = new Status("WAITING");

	/**
	 * Whether the queue can be consumed.
	 * @return {@code true} if it exists and is usable
	 */
	public boolean isAvailable() {
		return this.state == State.ADOPTED || this.state == State.DECLARED;
	}

	QueueStatus(String queue, State state, String detail) {
		this(queue, state, 0, 0, detail);
	}

	/**
	 * States of a queue.
	 */
	public enum State {

		/**
		 * Not inspected yet.
		 */
		UNKNOWN,

		/**
		 * Existed at the first inspection: used as it is, and not declared again.
		 */
		ADOPTED,

		/**
		 * Declared by this application, and declared again if it is deleted.
		 */
		DECLARED,

		/**
		 * An adopted queue was deleted, or the exchange to bind to does not exist. The
		 * application waits for it.
		 */
		MISSING,

		/**
		 * The broker refuses an operation on the queue or the exchange.
		 */
		REFUSED,

		/**
		 * There is no connection to the broker.
		 */
		UNREACHABLE

	}

}
