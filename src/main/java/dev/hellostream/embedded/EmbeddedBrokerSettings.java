package dev.hellostream.embedded;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the embedded broker.
 *
 * @param port Port on 127.0.0.1 that the embedded broker listens on, so that any AMQP
 * client on this machine can connect. 0 selects any free port.
 */
@ConfigurationProperties("hello-stream.broker")
@Validated
record EmbeddedBrokerSettings(@DefaultValue("5672") @Min(0) @Max(65_535) int port) {

}
