package dev.hellostream.bench;

/**
 * What is to be reached, beside what was measured.
 *
 * @param text the goal in words
 * @param limit its number
 * @param atLeast whether more is better
 * @param measured the measured figure, one a round
 */
record Goal(String text, double limit, boolean atLeast, Stats measured) {

	static Goal atLeast(double limit, String text, Stats measured) {
		return new Goal(text, limit, true, measured);
	}

	static Goal atMost(double limit, String text, Stats measured) {
		return new Goal(text, limit, false, measured);
	}

	boolean isReached() {
		double median = this.measured.median();
		return this.atLeast ? median >= this.limit : median <= this.limit;
	}

}
