package dev.hellostream.consume;

import jakarta.validation.constraints.PositiveOrZero;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How messages are consumed.
 *
 * @param receivedLines Number of messages a second that are logged with a line each. One
 * line gives the number of further messages. 0 logs none.
 */
@ConfigurationProperties("hello-stream.consume")
@Validated
record ConsumeSettings(@DefaultValue("100") @PositiveOrZero int receivedLines) {

}
