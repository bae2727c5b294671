package dev.hellostream.log;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Bounds the number of readers that catch up at the same time. Waiting readers are
 * granted permits in the order of their requests. Safe for use by any thread.
 */
public final class CatchUpPermits {

	private final Set<Runnable> waiting = new LinkedHashSet<>();

	private final int permits;

	private int free;

	private long asked;

	/**
	 * Create permits, all of them free.
	 * @param permits the number of permits
	 */
	public CatchUpPermits(int permits) {
		this.permits = permits;
		this.free = permits;
	}

	/**
	 * Request a permit.
	 * @param granted called when it is granted, by this call or a release; must not block
	 */
	public void acquire(Runnable granted) {
		synchronized (this) {
			this.asked++;
			if (this.free == 0) {
				this.waiting.add(granted);
				return;
			}
			this.free--;
		}
		granted.run();
	}

	/** Release a permit: the reader that has waited longest, if any, is granted it. */
	public void release() {
		Runnable next;
		synchronized (this) {
			Iterator<Runnable> waiting = this.waiting.iterator();
			if (!waiting.hasNext()) {
				this.free++;
				return;
			}
			next = waiting.next();
			waiting.remove();
		}
		next.run();
	}

	/**
	 * Withdraw a request.
	 * @param granted the callback of the request
	 * @return false if the request no longer waits, since its permit was granted
	 */
	public synchronized boolean forget(Runnable granted) {
		return this.waiting.remove(granted);
	}

	/**
	 * Return the number of permits.
	 * @return the total, free or granted
	 */
	public int permits() {
		return this.permits;
	}

	/**
	 * Return the number of granted permits.
	 * @return the present number
	 */
	public synchronized int taken() {
		return this.permits - this.free;
	}

	/**
	 * Return the number of readers that wait for a permit.
	 * @return the present number
	 */
	public synchronized int waiting() {
		return this.waiting.size();
	}

	/**
	 * Return the number of requests for a permit.
	 * @return the number since the start
	 */
	public synchronized long asked() {
		return this.asked;
	}

	/**
	 * Whether readers wait for a permit. A reader that has had its turn, or cannot use
	 * its permit at present, should then release it.
	 * @return true if at least one reader waits
	 */
	public synchronized boolean isContended() {
		return !this.waiting.isEmpty();
	}

}
