package dev.hellostream.bench;

import java.util.function.ToDoubleFunction;

/**
 * A column of the report: one figure, of all rounds of whoever was measured.
 *
 * @param <T> what was measured in a round
 * @param head what stands above it
 * @param format the format of one figure
 * @param value the figure of one round
 */
record Column<T>(String head, String format, ToDoubleFunction<T> value) {

	/**
	 * The time from publish to receipt.
	 * @param percentile the percentile, as it is to be read in the head
	 * @return the column
	 */
	static Column<Sample> millis(String percentile) {
		return new Column<>("p" + percentile + " ms", "%.1f",
				(sample) -> sample.millis(Double.parseDouble(percentile)));
	}

	/** What the client that measures took of the machine. */
	static Column<Sample> clientShare() {
		return new Column<>("client's share of the machine", "%.0f %%", (sample) -> 100 * sample.usage().clientShare());
	}

}
