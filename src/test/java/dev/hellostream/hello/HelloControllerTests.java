package dev.hellostream.hello;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import dev.hellostream.hello.Report.Task;
import dev.hellostream.web.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the tasks of {@link HelloController}, in virtual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class HelloControllerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration DELAY = Duration.ofSeconds(1);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final List<String> said = new ArrayList<>();

	private final Set<Integer> cancelled = new TreeSet<>();

	@Test
	void runWhenAllTasksWaitShouldTakeExactlyOneDelay() {
		StepVerifier.withVirtualTime(() -> run((number) -> Mono.delay(DELAY)))
			.expectSubscription()
			.expectNoEvent(DELAY.minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.assertNext((report) -> {
				assertThat(report.totalMillis()).isEqualTo(1000);
				assertThat(report.sequentialMillis()).isEqualTo(3000);
				assertThat(report.speedup()).isEqualTo(3);
				assertThat(report.tasks()).containsExactly(new Task(1, 0, 1000, 1000), new Task(2, 0, 1000, 1000),
						new Task(3, 0, 1000, 1000));
			})
			.expectComplete()
			.verify(PATIENCE);
		assertThat(this.said).containsExactly("Hello 1", "Hello 2", "Hello 3", "World 1", "World 2", "World 3");
	}

	@Test
	void runShouldLogEachLineWithTheNumberOfItsTask(CapturedOutput output) {
		StepVerifier.withVirtualTime(() -> run((number) -> Mono.delay(DELAY)))
			.thenAwait(DELAY)
			.expectNextCount(1)
			.expectComplete()
			.verify(PATIENCE);
		assertThat(output).contains("Hello 1", "Hello 2", "Hello 3", "World 1", "World 2", "World 3");
	}

	@Test
	void runWhenTasksDifferShouldTakeAsLongAsTheLongest() {
		StepVerifier.withVirtualTime(() -> run((number) -> Mono.delay(DELAY.multipliedBy(4 - number))))
			.thenAwait(DELAY.multipliedBy(3))
			.assertNext((report) -> {
				assertThat(report.totalMillis()).isEqualTo(3000);
				assertThat(report.sequentialMillis()).isEqualTo(6000);
				assertThat(report.tasks()).extracting(Task::finishedAtMillis).containsExactly(3000.0, 2000.0, 1000.0);
			})
			.expectComplete()
			.verify(PATIENCE);
		assertThat(this.said).endsWith("World 3", "World 2", "World 1");
	}

	@Test
	void runWhenSubscribedTwiceShouldRunTwice() {
		StepVerifier.withVirtualTime(() -> run((number) -> Mono.delay(DELAY)).repeat(1))
			.thenAwait(DELAY.multipliedBy(2))
			.assertNext((report) -> assertThat(report.totalMillis()).isEqualTo(1000))
			.assertNext((report) -> assertThat(report.totalMillis()).isEqualTo(1000))
			.expectComplete()
			.verify(PATIENCE);
		assertThat(this.said).hasSize(12);
	}

	@Test
	void runWhenOneTaskFailsShouldCancelItsSiblingsAtOnce() {
		Mono<Object> failing = Mono.delay(Duration.ofMillis(10)).then(Mono.error(new IllegalStateException("broken")));
		StepVerifier.withVirtualTime(() -> run((number) -> (number != 2) ? never(number) : failing))
			.thenAwait(Duration.ofMillis(10))
			.expectErrorSatisfies((failure) -> assertProblem(failure, 502, "Task 2 failed"))
			.verify(PATIENCE);
		assertThat(this.cancelled).containsExactly(1, 3);
		assertThat(this.said).containsExactly("Hello 1", "Hello 2", "Hello 3");
	}

	@Test
	void runWhenOneTaskFailsBeforeOthersHaveStartedShouldNotStartThem() {
		StepVerifier
			.withVirtualTime(
					() -> run((number) -> (number == 1) ? Mono.error(new IllegalStateException()) : never(number)))
			.expectErrorSatisfies((failure) -> assertProblem(failure, 502, "Task 1 failed"))
			.verify(PATIENCE);
		assertThat(this.said).startsWith("Hello 1").doesNotContain("World 1", "World 2", "World 3");
	}

	@Test
	void runWhenOneTaskIsLateShouldNameItAndCancelIt() {
		StepVerifier.withVirtualTime(() -> run((number) -> (number == 2) ? never(number) : Mono.delay(DELAY)))
			.expectSubscription()
			.expectNoEvent(TIMEOUT.minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectErrorSatisfies((failure) -> assertProblem(failure, 504, "5000 ms: task [2]."))
			.verify(PATIENCE);
		assertThat(this.cancelled).containsExactly(2);
	}

	@Test
	void runWhenAllTasksAreLateShouldCancelAll() {
		StepVerifier.withVirtualTime(() -> run(this::never))
			.thenAwait(TIMEOUT)
			.expectErrorSatisfies((failure) -> assertProblem(failure, 504, "5000 ms: task [1, 2, 3]."))
			.verify(PATIENCE);
		assertThat(this.cancelled).containsExactly(1, 2, 3);
	}

	@Test
	void cancelWhenTasksWaitShouldCancelThem() {
		StepVerifier.withVirtualTime(() -> run(this::never)).thenAwait(DELAY).thenCancel().verify(PATIENCE);
		assertThat(this.cancelled).containsExactly(1, 2, 3);
	}

	private Mono<Report> run(IntFunction<Mono<?>> work) {
		return new HelloController(work, TIMEOUT, () -> Schedulers.parallel().now(TimeUnit.NANOSECONDS))
			.run((line) -> this.said.add(line.toString()));
	}

	private Mono<?> never(int number) {
		return Mono.never().doOnCancel(() -> this.cancelled.add(number));
	}

	private void assertProblem(Throwable failure, int status, String detail) {
		assertThat(failure).isInstanceOfSatisfying(ProblemException.class, (problem) -> {
			assertThat(problem.getStatusCode().value()).isEqualTo(status);
			assertThat(problem.getBody().getDetail()).contains(detail);
		});
	}

}
