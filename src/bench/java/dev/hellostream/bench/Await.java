package dev.hellostream.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waiting, as the thread that conducts a measurement does it.
 */
final class Await {

	private static final long POLL_NANOS = 500_000;

	private Await() {
	}

	/**
	 * Wait for something.
	 * @param limit how long to wait at most
	 * @param condition asked about every half millisecond
	 * @return whether the condition was met in time
	 */
	static boolean until(Duration limit, BooleanSupplier condition) {
		long deadline = System.nanoTime() + limit.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline > 0) {
				return false;
			}
			LockSupport.parkNanos(POLL_NANOS);
		}
		return true;
	}

	static void pause(Duration duration) {
		moment(System.nanoTime() + duration.toNanos());
	}

	/**
	 * Wait until a moment has come.
	 * @param moment by {@link System#nanoTime()}
	 */
	static void moment(long moment) {
		long left = moment - System.nanoTime();
		while (left > 0) {
			LockSupport.parkNanos(left);
			left = moment - System.nanoTime();
		}
	}

}
