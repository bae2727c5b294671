package dev.hellostream.consume;

/**
 * How many deliveries are asked for. Every loss of the connection counts against all that
 * were prefetched: a quorum queue drops a message that has come back too often. After two
 * losses in a row one message is asked for at a time, since the next may be the cause,
 * until some have come through: ten, and ten times as many as before if that was too
 * early.
 *
 * <pre>
 *                2 losses         3 losses before anything came
 *   {@value #MANY} ──────────► 1 ──────────────────────────────────► 0 (skip the first)
 *        ▲                │
 *        └─ 10, 100, or 1,000 come through
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

	private static final int FEW = 10;

	private static final int LOSSES = 2;

	private static final int LOSSES_ALONE = 3;

	private boolean alone;

	private int losses;

	/** How many deliveries have come through since the last loss or change. */
	private int acknowledged;

	/** How many of them it takes, alone, until many are asked for. */
	private int enough = FEW;

	/**
	 * How many deliveries to ask for next.
	 * @return {@link #MANY}; 1; or 0 if the first message cannot even be delivered
	 */
	synchronized int next() {
		if (!this.alone) {
			return MANY;
		}
		return (this.losses < LOSSES_ALONE) ? 1 : 0;
	}

	/**
	 * Deliveries have come through.
	 * @param count how many
	 * @return whether many can be asked for now, which is told once
	 */
	synchronized boolean acknowledged(int count) {
		this.acknowledged = Math.min(this.acknowledged + count, MANY);
		boolean change = this.alone && this.acknowledged >= this.enough;
		if (this.alone) {
			this.losses = 0;
		}
		if (change) {
			this.alone = false;
			this.losses = LOSSES - 1;
			this.acknowledged = 0;
			this.enough = Math.min(this.enough * 10, MANY);
		}
		else if (this.acknowledged == MANY) {
			this.losses = 0;
			this.enough = FEW;
		}
		return change;
	}

	/**
	 * A connection was lost while messages waited.
	 * @param delivered whether any had been delivered on it
	 */
	synchronized void lost(boolean delivered) {
		this.acknowledged = 0;
		if (this.alone) {
			this.losses = delivered ? 0 : this.losses + 1;
		}
		else if (++this.losses >= LOSSES) {
			this.alone = true;
			this.losses = 0;
		}
	}

	/** The first message was skipped. */
	synchronized void skipped() {
		this.losses = 0;
	}

}
