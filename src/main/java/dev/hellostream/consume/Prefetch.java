package dev.hellostream.consume;

/**
 * How many deliveries are asked for. Every loss of the connection counts against all that
 * were prefetched: a quorum queue drops a message that has come back too often. After two
 * losses in a row one message is asked for at a time, since the next may be the cause,
 * and more and more as long as they come through.
 *
 * <pre>
 *            losses              3 losses before anything came
 *   any number ──────────► 1 ──────────────────────────────────► 0 (skip the first)
 *                          │
 *                          └─10 come through─► 10 ─100─► 100 ─1,000─► {@value #MANY}
 * </pre>
 *
 * Thread-safe.
 */
final class Prefetch {

	/**
	 * A delivery is under way until it has been read back from the log, so that this many
	 * a round trip is the most that can be consumed.
	 */
	static final int MANY = 1000;

	private static final int STEP = 10;

	private static final int LOSSES = 2;

	private static final int LOSSES_ALONE = 3;

	private int number = MANY;

	private int losses;

	/** How many deliveries came through since the last loss, or change of the number. */
	private int acknowledged;

	/**
	 * How many deliveries to ask for next.
	 * @return a number, or 0 if the first message cannot even be delivered
	 */
	synchronized int next() {
		return (this.number == 1 && this.losses >= LOSSES_ALONE) ? 0 : this.number;
	}

	/**
	 * Deliveries were acknowledged.
	 * @param count how many
	 * @return whether more can be asked for from now on, which is told once
	 */
	synchronized boolean acknowledged(int count) {
		this.acknowledged = Math.min(this.acknowledged + count, MANY);
		if (this.number == 1 || this.acknowledged == MANY) {
			this.losses = 0;
		}
		if (this.number == MANY || this.acknowledged < this.number * STEP) {
			return false;
		}
		this.number *= STEP;
		this.acknowledged = 0;
		return true;
	}

	/**
	 * A connection was lost while messages waited.
	 * @param delivered whether any had been delivered on it, or may have been about to
	 */
	synchronized void lost(boolean delivered) {
		this.acknowledged = 0;
		if (this.number == 1) {
			this.losses = delivered ? 0 : this.losses + 1;
		}
		else if (++this.losses >= LOSSES || this.number < MANY) {
			this.number = 1;
			this.losses = 0;
		}
	}

	/** The first message was skipped. */
	synchronized void skipped() {
		this.losses = 0;
	}

}
