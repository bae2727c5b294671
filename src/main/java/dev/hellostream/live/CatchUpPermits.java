package dev.hellostream.live;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Bounds the number of cursors that read the log at a time. Whoever has to wait gets its
 * turn in the order of asking.
 */
final class CatchUpPermits {

	private final Set<Runnable> waiting = new LinkedHashSet<>();

	private final int permits;

	private int free;

	private long asked;

	CatchUpPermits(int permits) {
		this.permits = permits;
		this.free = permits;
	}

	/**
	 * Ask for a permit.
	 * @param granted what to do with it, called on any thread and not to block
	 */
	void acquire(Runnable granted) {
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
	void release() {
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
	 */
	synchronized void forget(Runnable granted) {
		this.waiting.remove(granted);
	}

	/** How many there are. */
	int permits() {
		return this.permits;
	}

	/** How many are taken. */
	synchronized int taken() {
		return this.permits - this.free;
	}

	/** How many wait for one. */
	synchronized int waiting() {
		return this.waiting.size();
	}

	/** How often a permit has been asked for. */
	synchronized long asked() {
		return this.asked;
	}

	/**
	 * Whether somebody waits, so that whoever makes no use of a permit should give it
	 * back.
	 * @return true if all permits are taken and not enough
	 */
	synchronized boolean isContended() {
		return !this.waiting.isEmpty();
	}

}
