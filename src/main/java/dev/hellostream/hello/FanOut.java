package dev.hellostream.hello;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

import dev.hellostream.hello.Report.Task;
import dev.hellostream.web.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpStatus;

/**
 * Three tasks at once, one answer. Each says Hello, waits, and says World; together they
 * take as long as the longest of them, and while they wait they hold no thread.
 *
 * <p>
 * The same in Python:
 *
 * <pre>
 * async def greet(number):                Mono&lt;Task&gt; greet(int number, Run run) {
 *     hello = say(number, "Hello")            return Mono.fromSupplier(() -&gt; run.say(number, "Hello"))
 *     await asyncio.sleep(delay)                  .delayUntil((hello) -&gt; Mono.delay(delay))
 *     world = say(number, "World")                .map((hello) -&gt; Task.between(hello, run.say(number, "World")));
 *     return world - hello                }
 *
 * async with asyncio.timeout(limit):      Mono.zip(greet(1, run), greet(2, run), greet(3, run))
 *     await asyncio.gather(                   .timeout(limit)
 *         greet(1), greet(2), greet(3))
 * </pre>
 *
 * Two differences. A {@code Mono} is a description and runs when it is subscribed to, as
 * often as it is subscribed to. And {@link Mono#zip} cancels the tasks that are left when
 * one fails, which {@code gather} does not: {@code asyncio.TaskGroup} does.
 */
final class FanOut {

	private static final Logger logger = LoggerFactory.getLogger(FanOut.class);

	private final IntFunction<Mono<?>> work;

	private final Duration timeout;

	private final Scheduler timer;

	private final LongSupplier nanoTime;

	FanOut(HelloSettings settings) {
		this((number) -> Mono.delay(settings.delay()), settings.timeout(), Schedulers.parallel(), System::nanoTime);
	}

	/**
	 * Create a fan-out over other work than waiting.
	 * @param work what the task of that number does between Hello and World. It must not
	 * block, and stop when it is cancelled.
	 * @param timeout what a run may take
	 * @param timer what watches the timeout
	 * @param nanoTime a clock that never goes back, in nanoseconds
	 */
	FanOut(IntFunction<Mono<?>> work, Duration timeout, Scheduler timer, LongSupplier nanoTime) {
		this.work = work;
		this.timeout = timeout;
		this.timer = timer;
		this.nanoTime = nanoTime;
	}

	/**
	 * Run the tasks, all at once, anew for every subscriber. Cancelling the run cancels
	 * them.
	 * @param listener told each line as it is said, one at a time, in order, on the
	 * thread that says it: it must not block
	 * @return the report, once all have finished. If one fails, a
	 * {@link ProblemException} with 502 at once; if the time is over, with 504. Either
	 * way the tasks that are left have been cancelled.
	 */
	Mono<Report> run(Consumer<Greeting> listener) {
		return Mono.defer(() -> {
			HelloRun run = new HelloRun(this.nanoTime, listener);
			return Mono.zip(greet(1, run), greet(2, run), greet(3, run))
				.timeout(this.timeout, Mono.error(() -> late(run)), this.timer)
				.map((tasks) -> run.report(List.of(tasks.getT1(), tasks.getT2(), tasks.getT3())));
		});
	}

	private Mono<Task> greet(int number, HelloRun run) {
		return Mono.fromSupplier(() -> run.say(number, "Hello"))
			.delayUntil((hello) -> this.work.apply(number))
			.map((hello) -> Task.between(hello, run.say(number, "World")))
			.onErrorMap((failure) -> failed(number, failure));
	}

	private ProblemException late(HelloRun run) {
		String detail = "Not finished within %d ms: task %s. All tasks that were left have been cancelled. Ask again, or raise hello-stream.hello.timeout."
			.formatted(this.timeout.toMillis(), run.unfinished());
		logger.warn(detail);
		return new ProblemException(HttpStatus.GATEWAY_TIMEOUT, detail);
	}

	private ProblemException failed(int number, Throwable failure) {
		logger.warn("Task {} failed", number, failure);
		return new ProblemException(HttpStatus.BAD_GATEWAY,
				"Task %d failed, and the others were cancelled. Ask again; the server's log says why."
					.formatted(number),
				failure);
	}

}
