package dev.hellostream.amqp;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Backoff}.
 */
class BackoffTests {

	private final Backoff backoff = new Backoff();

	@Test
	void delaysShouldDoubleUpToALimitUntilAnAttemptSucceeds() {
		assertThat(Stream.generate(this.backoff::failed).limit(8).map(Duration::toMillis)).containsExactly(100L, 200L,
				400L, 800L, 1600L, 3200L, 5000L, 5000L);
		this.backoff.succeeded();
		assertThat(this.backoff.delay()).isEqualTo(Duration.ofMillis(100));
	}

}
