package dev.hellostream.chaos;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

import org.awaitility.Awaitility;

/**
 * Waiting that ends.
 */
final class Wait {

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private static final Duration POLL = Duration.ofMillis(5);

	private Wait() {
	}

	/**
	 * Wait for something that has to come.
	 * @param what it in words
	 * @param condition whether it has come
	 */
	static void until(String what, Callable<Boolean> condition) {
		Awaitility.await(what)
			.pollInSameThread()
			.pollDelay(Duration.ZERO)
			.pollInterval(POLL)
			.atMost(LIMIT)
			.until(condition);
	}

	/**
	 * Wait for something that may not come.
	 * @param limit how long
	 * @param condition whether it has come
	 */
	static void atMost(Duration limit, BooleanSupplier condition) {
		long start = System.nanoTime();
		until("something", () -> condition.getAsBoolean() || System.nanoTime() - start > limit.toNanos());
	}

	static void pause(Duration duration) {
		Awaitility.await().pollInSameThread().pollDelay(duration).atMost(duration.plus(LIMIT)).until(() -> true);
	}

}
