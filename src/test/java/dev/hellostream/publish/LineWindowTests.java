package dev.hellostream.publish;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class LineWindowTests {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static final int LINES = 512;

	private final LineWindow window = new LineWindow(LINES);

	@Test
	void linesShouldWaitUntilOneOfTooManyHasLeft() {
		StepVerifier.create(this.window.enter(LINES - 1, 10)).expectComplete().verify(LIMIT);
		StepVerifier.create(this.window.enter(2, 20)).expectComplete().verify(LIMIT);
		StepVerifier.create(this.window.enter(1, 10))
			.expectSubscription()
			.then(() -> this.window.leave(10))
			.expectNoEvent(Duration.ofMillis(20))
			.then(() -> this.window.leave(10))
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void linesShouldWaitForTheBytesOfOthers() {
		StepVerifier.create(this.window.enter(2, 2 * LineWindow.BYTES)).expectComplete().verify(LIMIT);
		StepVerifier.create(this.window.enter(1, 1))
			.expectSubscription()
			.then(() -> this.window.leave(LineWindow.BYTES))
			.expectNoEvent(Duration.ofMillis(20))
			.then(() -> this.window.leave(LineWindow.BYTES))
			.expectComplete()
			.verify(LIMIT);
	}

}
