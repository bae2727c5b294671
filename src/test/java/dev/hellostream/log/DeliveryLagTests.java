package dev.hellostream.log;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryLag}.
 */
class DeliveryLagTests {

	private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final DeliveryLag lag = new DeliveryLag(this.meters, Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void lagShouldBeTheAgeOfTheMessage() {
		record(NOW.minusMillis(1_500));
		assertThat(timer().count()).isEqualTo(1);
		assertThat(timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1_500);
	}

	@Test
	void messageWithoutATimestampShouldNotBeMeasured() {
		record(null);
		assertThat(timer().count()).isZero();
	}

	@Test
	void timestampThatIsNonsenseShouldNotSpoilTheSum() {
		record(NOW.plusSeconds(10));
		record(Instant.EPOCH);
		assertThat(timer().count()).isEqualTo(2);
		assertThat(timer().totalTime(TimeUnit.DAYS)).isEqualTo(1.0);
	}

	private void record(Instant timestamp) {
		this.lag.record(new ReceivedMessage(NOW, null, null, false, timestamp, null, "hello", Map.of(), new byte[0]));
	}

	private Timer timer() {
		return this.meters.get("hello.stream.sse.lag").timer();
	}

}
