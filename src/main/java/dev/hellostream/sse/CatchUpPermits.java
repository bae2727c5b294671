package dev.hellostream.sse;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Bounds the number of cursors that read the log at a time. Whoever has to wait gets its
 * turn in the order of asking.
 */
final class CatchUpPermits {

	private final Queue<Runnable> waiting = new ArrayDeque<>();

	private int free;

	CatchUpPermits(int permits) {
		this.free = permits;
	}

	/**
	 * Ask for a permit.
	 * @param granted what to do with it, called on any thread and not to block
	 */
	void acquire(Runnable granted) {
		synchronized (this) {
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
			next = this.waiting.poll();
			if (next == null) {
				this.free++;
				return;
			}
		}
		next.run();
	}

}
