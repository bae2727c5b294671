package dev.hellostream.log;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Bounds the number of readers that catch up at a time. A reader that has to wait gets
 * its turn in the order of asking. Safe for use by any thread.
 */
public final class CatchUpPermits {

	private final Set<Runnable> waiting = new LinkedHashSet<>();

	private final int permits;

	private int free;

	private long asked;

	/**
	 * Create permits, all of them free.
	 * @param permits how many there are
	 */
	public CatchUpPermits(int permits) {
		this.permits = permits;
		this.free = permits;
	}

	/**
	 * Ask for a permit.
	 * @param granted what to do with it, called on any thread and not to block
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

	/** Give a permit back. */
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
	 * Ask no more.
	 * @param granted what was asked with
	 * @return false if it does not wait: the permit was granted
	 */
	public synchronized boolean forget(Runnable granted) {
		return this.waiting.remove(granted);
	}

	/**
	 * How many there are.
	 * @return the number at the start
	 */
	public int permits() {
		return this.permits;
	}

	/**
	 * How many are taken.
	 * @return the number at present
	 */
	public synchronized int taken() {
		return this.permits - this.free;
	}

	/**
	 * How many wait for one.
	 * @return the number at present
	 */
	public synchronized int waiting() {
		return this.waiting.size();
	}

	/**
	 * How often a permit has been asked for.
	 * @return the number since the start
	 */
	public synchronized long asked() {
		return this.asked;
	}

	/**
	 * Whether somebody waits, so that whoever makes no use of a permit should give it
	 * back.
	 * @return true if all permits are taken and not enough
	 */
	public synchronized boolean isContended() {
		return !this.waiting.isEmpty();
	}

}
