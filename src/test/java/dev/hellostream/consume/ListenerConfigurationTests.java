package dev.hellostream.consume;

import java.time.Duration;

import dev.hellostream.broker.PublishSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ListenerConfiguration}.
 */
class ListenerConfigurationTests {

	@Test
	void prefetchWhenMessagesAreSmallShouldBeWhatTheDocumentationSays() {
		assertThat(prefetch(DataSize.ofKilobytes(1))).isEqualTo(250);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 16, 64, 512 })
	void prefetchShouldFitIntoAnEighthOfTheHeapOrBeFour(int megabytes) {
		long bytes = DataSize.ofMegabytes(megabytes).toBytes();
		int prefetch = prefetch(DataSize.ofMegabytes(megabytes));
		assertThat(prefetch).isBetween(4, 250);
		assertThat(prefetch == 4 || prefetch * bytes <= Runtime.getRuntime().maxMemory() / 8).isTrue();
	}

	private static int prefetch(DataSize maxSize) {
		return ListenerConfiguration.prefetch(new PublishSettings(Duration.ofSeconds(5), maxSize));
	}

}
