package dev.hellostream.hello;

import java.time.Instant;
import java.util.List;

/**
 * Duration of a run, compared with the duration of its tasks in sequence.
 *
 * @param startedAt when the run began
 * @param tasks the tasks, by number
 * @param totalMillis milliseconds from the beginning of the run to its end
 * @param sequentialMillis sum of the tasks' milliseconds, as if they ran in sequence
 * @param speedup {@code sequentialMillis} divided by {@code totalMillis}
 */
record Report(Instant startedAt, List<Task> tasks, double totalMillis, double sequentialMillis, double speedup) {

	static Report of(Instant startedAt, List<Task> tasks, double totalMillis) {
		double sequentialMillis = rounded(tasks.stream().mapToDouble(Task::elapsedMillis).sum());
		return new Report(startedAt, tasks, totalMillis, sequentialMillis, rounded(sequentialMillis / totalMillis));
	}

	/**
	 * Round to three decimals. Less than a microsecond is noise.
	 */
	static double rounded(double millis) {
		return Math.round(millis * 1000) / 1000.0;
	}

	/**
	 * Times of one task.
	 *
	 * @param task its number, from 1
	 * @param startedAtMillis milliseconds from the start of the run to its Hello
	 * @param finishedAtMillis milliseconds from the start of the run to its World
	 * @param elapsedMillis milliseconds between the two
	 */
	record Task(int task, double startedAtMillis, double finishedAtMillis, double elapsedMillis) {

		static Task between(Greeting hello, Greeting world) {
			return new Task(hello.task(), hello.atMillis(), world.atMillis(),
					rounded(world.atMillis() - hello.atMillis()));
		}

	}

}
