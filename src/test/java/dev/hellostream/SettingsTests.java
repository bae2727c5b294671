package dev.hellostream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every duration and size has bounds: the least and the greatest value are accepted, and
 * values just beyond them are refused with a sentence that names both bounds.
 */
class SettingsTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
		.withUserConfiguration(Settings.class);

	@ParameterizedTest
	@CsvSource({ "hello.timeout, 1001ms, 0ms, 1d, 86400001ms, must be between 1ms and 1d",
			"hello.delay, 1ms, 0ms, 4s, 86400001ms, must be between 1ms and 1d",
			"publish.confirm-timeout, 1s, 999ms, 1d, 200000d, must be between 1s and 1d",
			"publish.read-timeout, 1s, -1s, 1d, 86400001ms, must be between 1s and 1d",
			"publish.max-lines, 1, 0, 10000, 10001, must be between 1 and 10000",
			"publish.max-size, 1B, 0B, 50MB, 52428801B, must be between 1B and 50MB",
			"sse.heartbeat, 100ms, 99ms, 1d, 86400001ms, must be between 100ms and 1d",
			"sse.stall-timeout, 100ms, 99ms, 1d, 9223372036854775807s, must be between 100ms and 1d",
			"web.header-timeout, 100ms, 99ms, 1d, 86400001ms, must be between 100ms and 1d",
			"web.response-timeout, 100ms, 99ms, 1d, 86400001ms, must be between 100ms and 1d",
			"log.max-bytes, 1B, 0B, 1023GB, 9223372036854775807B, must be between 1B and 1023GB",
			"log.stream.max-age, 1s, 999ms, 3650d, 3651d, must be between 1s and 3650d",
			"log.stream.max-bytes, 16MB, 15MB, 1023TB, 1024TB, max-bytes",
			"log.stream.segment-size, 100KB, 99KB, 1GB, 1025MB, must be between 100KB and 2GB" })
	void boundsShouldBeTakenAndNothingBeyondThem(String name, String least, String less, String greatest, String more,
			String sentence) {
		for (String value : new String[] { least, greatest }) {
			with(name, value).run((context) -> assertThat(context).as(value).hasNotFailed());
		}
		for (String value : new String[] { less, more }) {
			with(name, value).run((context) -> {
				assertThat(context).as(value).hasFailed();
				assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure())).as(value)
					.hasMessageContaining(sentence);
			});
		}
	}

	private ApplicationContextRunner with(String name, String value) {
		return this.contextRunner.withPropertyValues("hello-stream." + name + "=" + value);
	}

	@Configuration(proxyBeanMethods = false)
	@ConfigurationPropertiesScan
	static class Settings {

	}

}
