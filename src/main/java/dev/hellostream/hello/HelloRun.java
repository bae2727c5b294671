package dev.hellostream.hello;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.hellostream.hello.Report.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State that the tasks of one run share: a clock that starts with the run, and the lines
 * said so far.
 */
final class HelloRun {

	private static final Logger logger = LoggerFactory.getLogger(HelloRun.class);

	private final LongSupplier nanoTime;

	private final Consumer<Greeting> listener;

	private final Instant startedAt = Instant.now();

	private final long startedAtNanos;

	private final List<Greeting> lines = new ArrayList<>();

	HelloRun(LongSupplier nanoTime, Consumer<Greeting> listener) {
		this.nanoTime = nanoTime;
		this.listener = listener;
		this.startedAtNanos = nanoTime.getAsLong();
	}

	// The tasks say World on several threads. Synchronized so that listeners receive the
	// lines in the order of their times.
	synchronized Greeting say(int task, String line) {
		Greeting said = new Greeting(task, line, atMillis());
		logger.info("{}", said);
		this.lines.add(said);
		this.listener.accept(said);
		return said;
	}

	synchronized List<Integer> unfinished() {
		List<Integer> tasks = this.lines.stream().map(Greeting::task).toList();
		return tasks.stream().filter((task) -> tasks.indexOf(task) == tasks.lastIndexOf(task)).toList();
	}

	Report report(List<Task> tasks) {
		return Report.of(this.startedAt, tasks, atMillis());
	}

	private double atMillis() {
		return Report.rounded((this.nanoTime.getAsLong() - this.startedAtNanos) / 1_000_000.0);
	}

}
