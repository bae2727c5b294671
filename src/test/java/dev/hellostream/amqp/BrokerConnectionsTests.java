package dev.hellostream.amqp;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import org.springframework.util.backoff.BackOffExecution;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BrokerConnections}.
 */
class BrokerConnectionsTests {

	@Test
	void backOffShouldDoubleUpToALimit() {
		BackOffExecution backOff = BrokerConnections.backOff();
		assertThat(LongStream.generate(backOff::nextBackOff).limit(8)).containsExactly(100L, 200L, 400L, 800L, 1600L,
				3200L, 5000L, 5000L);
	}

}
