package dev.hellostream.amqp;

import java.time.Duration;

/**
 * How long to wait before the broker is tried again: 100 ms at first, twice as long after
 * each failure, 5 s at most. Not thread-safe.
 */
public final class Backoff {

	private static final Duration SHORTEST = Duration.ofMillis(100);

	private static final Duration LONGEST = Duration.ofSeconds(5);

	private Duration delay = SHORTEST;

	/**
	 * How long to wait before the next attempt.
	 * @return the delay
	 */
	public Duration delay() {
		return this.delay;
	}

	/**
	 * An attempt has failed.
	 * @return how long to wait before the next one
	 */
	public Duration failed() {
		Duration now = this.delay;
		Duration next = now.multipliedBy(2);
		this.delay = (next.compareTo(LONGEST) < 0) ? next : LONGEST;
		return now;
	}

	/**
	 * An attempt has succeeded: the next failure is a first one.
	 */
	public void succeeded() {
		this.delay = SHORTEST;
	}

}
