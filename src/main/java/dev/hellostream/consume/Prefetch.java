package dev.hellostream.consume;

/**
 * Decides how many deliveries to prefetch. A lost connection counts against all of them:
 * a quorum queue drops a message that was returned too often. After two losses in a row,
 * one message is prefetched at a time, since the next may be the cause. The number grows
 * with acknowledgements; until it is {@value #MANY} again, one loss brings it back to 1.
 *
 * <pre>
 *            losses              3 losses before any delivery
 *   any number ──────────► 1 ──────────────────────────────────► 0 (skip the first)
 *                          │
 *                          └─10 acknowledged─► 10 ─100─► 100 ─1,000─► {@value #MANY}
 * </pre>
 *
 * Thread-safe.
 */
final class Prefetch {

	/**
	 * A delivery is under way until it has been read back from the log, so at most this
	 * many are consumed in one round trip.
	 */
	static final int MANY = 1000;

	private static final int STEP = 10;

	private static final int LOSSES = 2;

	private static final int LOSSES_ALONE = 3;

	private int number = MANY;

	private int losses;

	/** Number of deliveries acknowledged since the last loss, or change of the number. */
	private int acknowledged;

	/**
	 * The number of deliveries to prefetch next.
	 * @return a number, or 0 if the first message cannot even be delivered
	 */
	synchronized int next() {
		return (this.number == 1 && this.losses >= LOSSES_ALONE) ? 0 : this.number;
	}

	/**
	 * Count acknowledged deliveries.
	 * @param count how many
	 * @return whether the number has grown, {@code true} once for each step
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
	 * Count a loss that a message may have caused.
	 * @param delivered whether a message was delivered, or may have been on its way
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

	/** Reset the losses, since the first message was skipped. */
	synchronized void skipped() {
		this.losses = 0;
	}

}
