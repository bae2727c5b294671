package dev.hellostream.hello;

import java.time.Duration;

import jakarta.validation.constraints.AssertTrue;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Delay and time limit of the greetings.
 *
 * @param delay Time that a task waits between its Hello and its World.
 * @param timeout Time limit of a run. The three tasks start together, so this is also the
 * limit of each. Must be longer than hello-stream.hello.delay.
 */
@ConfigurationProperties("hello-stream.hello")
@Validated
record HelloSettings(
		@DefaultValue("1s") @DurationMin(millis = 1, message = HelloSettings.BOUNDS) @DurationMax(days = 1,
				message = HelloSettings.BOUNDS) Duration delay,
		@DefaultValue("5s") @DurationMin(millis = 1, message = HelloSettings.BOUNDS) @DurationMax(days = 1,
				message = HelloSettings.BOUNDS) Duration timeout) {

	static final String BOUNDS = "must be between 1ms and 1d";

	@AssertTrue(
			message = "hello-stream.hello.timeout must be longer than hello-stream.hello.delay, or no task could ever finish")
	boolean isTimeoutLongerThanDelay() {
		return this.timeout.compareTo(this.delay) > 0;
	}

}
