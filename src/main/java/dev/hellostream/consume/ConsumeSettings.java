package dev.hellostream.consume;

import jakarta.validation.constraints.PositiveOrZero;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How messages are consumed.
 *
 * @param receivedLines Number of messages a second that get a line of their own in the
 * log. Of more than that one line says how many there were. 0 logs none.
 */
@ConfigurationProperties("hello-stream.consume")
@Validated
record ConsumeSettings(@DefaultValue("100") @PositiveOrZero int receivedLines) {

}
