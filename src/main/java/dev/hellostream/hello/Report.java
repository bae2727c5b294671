package dev.hellostream.hello;

import java.time.Instant;
import java.util.List;

/**
 * What a run took, beside what its tasks would have taken one after the other.
 *
 * @param startedAt when the run began
 * @param tasks the tasks, by number
 * @param totalMillis milliseconds from the beginning of the run to its end
 * @param sequentialMillis the sum of the tasks' milliseconds: what one after the other
 * would have cost
 * @param speedup the second by the first
 */
record Report(Instant startedAt, List<Task> tasks, double totalMillis, double sequentialMillis, double speedup) {

	static Report of(Instant startedAt, List<Task> tasks, double totalMillis) {
		double sequentialMillis = rounded(tasks.stream().mapToDouble(Task::elapsedMillis).sum());
		return new Report(startedAt, tasks, totalMillis, sequentialMillis, rounded(sequentialMillis / totalMillis));
	}

	/**
	 * Round to the microsecond: what is finer is noise.
	 */
	static double rounded(double millis) {
		return Math.round(millis * 1000) / 1000.0;
	}

	/**
	 * What one task took.
	 *
	 * @param task its number, from 1
	 * @param startedAtMillis when it said Hello, in milliseconds since the run began
	 * @param finishedAtMillis when it said World, likewise
	 * @param elapsedMillis the time between
	 */
	record Task(int task, double startedAtMillis, double finishedAtMillis, double elapsedMillis) {

		static Task between(Greeting hello, Greeting world) {
			return new Task(hello.task(), hello.atMillis(), world.atMillis(),
					rounded(world.atMillis() - hello.atMillis()));
		}

	}

}
