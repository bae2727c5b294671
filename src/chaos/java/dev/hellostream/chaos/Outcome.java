package dev.hellostream.chaos;

/**
 * What came of a round.
 *
 * @param round the round
 * @param moment after how many messages the fault came
 * @param hit what it hit
 * @param lastedSeconds how long it took until it was over
 * @param confirmed how many messages the broker has confirmed
 * @param unknown how many messages have an unknown fate: the producer lost its connection
 * and could not repeat them
 * @param received how many messages both subscribers have seen at least
 * @param lost how many confirmed messages a subscriber has not seen
 * @param duplicates how many messages a subscriber has seen again
 * @param gaps how many gaps they were told
 * @param sameOrder whether both have seen the same entries in the same order
 * @param resumptions how often they went on after an id
 * @param pauseSeconds the longest time without a message after the fault
 */
record Outcome(Round round, int moment, String hit, double lastedSeconds, int confirmed, int unknown, int received,
		int lost, int duplicates, int gaps, boolean sameOrder, int resumptions, double pauseSeconds) {

	/** Whether it was as promised. */
	boolean isGood() {
		int allowed = this.round.withIds() ? 0 : this.round.fault().mostDuplicates();
		return this.lost == 0 && this.gaps == 0 && this.sameOrder && this.duplicates <= allowed;
	}

	@Override
	public String toString() {
		return "%s: %s, confirmed %d, unknown %d, lost %d, duplicates %d, gaps %d, %s order, %d resumed, pause %.1f s, fault %.1f s"
			.formatted(isGood() ? "good" : "BAD", this.hit, this.confirmed, this.unknown, this.lost, this.duplicates,
					this.gaps, this.sameOrder ? "same" : "ANOTHER", this.resumptions, this.pauseSeconds,
					this.lastedSeconds);
	}

}
