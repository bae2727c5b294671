package dev.hellostream.queue;

import org.springframework.boot.health.contributor.Status;

/**
 * The queue as it was when last looked at.
 *
 * @param queue the name of the queue
 * @param state what it is
 * @param consumers how many consumers it has, this application's included
 * @param messages how many messages wait in it
 * @param detail one sentence for people: what this means, and what to do if anything
 */
public record QueueStatus(String queue, State state, int consumers, long messages, String detail) {

	/** In health: not at present, and not for good, since the broker is waited for. */
	public static final Status WAITING = new Status("WAITING");

	/**
	 * Whether the queue can be consumed.
	 * @return {@code true} if it is there
	 */
	public boolean isAvailable() {
		return this.state == State.ADOPTED || this.state == State.DECLARED;
	}

	QueueStatus(String queue, State state, String detail) {
		this(queue, state, 0, 0, detail);
	}

	/**
	 * What a queue can be.
	 */
	public enum State {

		/**
		 * Not looked at yet.
		 */
		UNKNOWN,

		/**
		 * Somebody else's, taken as it stands.
		 */
		ADOPTED,

		/**
		 * Declared by this application, and declared again if it vanishes.
		 */
		DECLARED,

		/**
		 * Somebody else's and gone, or without the exchange it is to be bound to: waited
		 * for.
		 */
		MISSING,

		/**
		 * Not to be had: the broker says no.
		 */
		REFUSED,

		/**
		 * There is no connection to the broker.
		 */
		UNREACHABLE

	}

}
