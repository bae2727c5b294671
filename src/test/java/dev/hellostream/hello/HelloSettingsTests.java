package dev.hellostream.hello;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HelloSettings}.
 */
class HelloSettingsTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
		.withUserConfiguration(Settings.class);

	@Test
	void bindWhenNothingIsSetShouldTakeTheDefaults() {
		this.contextRunner.run((context) -> assertThat(context.getBean(HelloSettings.class))
			.isEqualTo(new HelloSettings(Duration.ofSeconds(1), Duration.ofSeconds(5))));
	}

	@ParameterizedTest
	@CsvSource({ "0s, 5s, must be between 1ms and 1d", "1s, -5s, must be between 1ms and 1d",
			"1s, 200000d, must be between 1ms and 1d", "1s, 1s, must be longer than hello-stream.hello.delay" })
	void bindWhenTimesAreNonsenseShouldFailAndSayWhy(String delay, String timeout, String reason) {
		this.contextRunner
			.withPropertyValues("hello-stream.hello.delay=" + delay, "hello-stream.hello.timeout=" + timeout)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(reason));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(HelloSettings.class)
	static class Settings {

	}

}
