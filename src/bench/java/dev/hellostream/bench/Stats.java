package dev.hellostream.bench;

import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The same figure of several rounds.
 *
 * @param values one a round
 */
record Stats(List<Double> values) {

	static <T> Stats of(List<T> samples, ToDoubleFunction<T> value) {
		return new Stats(samples.stream().mapToDouble(value).boxed().toList());
	}

	/** A figure of ours by the same of theirs, round by round. */
	static <T> Stats ratio(List<T> ours, List<T> theirs, ToDoubleFunction<T> value) {
		return new Stats(IntStream.range(0, ours.size())
			.mapToObj((i) -> value.applyAsDouble(ours.get(i)) / value.applyAsDouble(theirs.get(i)))
			.toList());
	}

	double median() {
		List<Double> sorted = this.values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

	/**
	 * Show the median, with the smallest and the largest in parentheses.
	 * @param format the format of one figure
	 * @return the text, or nothing if there is no such figure
	 */
	String show(String format) {
		if (Double.isNaN(median())) {
			return "";
		}
		return (format + " (" + format + "–" + format + ")").formatted(median(), Collections.min(this.values),
				Collections.max(this.values));
	}

}
