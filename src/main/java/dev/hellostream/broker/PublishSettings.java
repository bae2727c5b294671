package dev.hellostream.broker;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How messages are published.
 *
 * @param confirmTimeout How long the broker may take to confirm one message. After that
 * its fate is unknown.
 * @param maxSize Size of the largest message that is carried, posted or consumed. A
 * larger POST is refused, a larger message from the queue goes to the dead-letter queue.
 * @param maxLines Number of lines that one application/x-ndjson request may have under
 * way. No more is read from it before some are confirmed.
 * @param readTimeout How long a client may take to send one message: the body of a POST,
 * or a line of many. While the broker takes none, a client that has to wait is given that
 * time.
 */
@ConfigurationProperties("hello-stream.publish")
@Validated
public record PublishSettings(@DefaultValue("5s") Duration confirmTimeout, @DefaultValue("1MB") DataSize maxSize,
		@DefaultValue("512") int maxLines, @DefaultValue("60s") Duration readTimeout) {

	public PublishSettings {
		Assert.isTrue(confirmTimeout.toMillis() > 0, "hello-stream.publish.confirm-timeout must be positive");
		// What RabbitMQ itself takes at most.
		Assert.isTrue(maxSize.toBytes() > 0 && maxSize.toMegabytes() <= 512,
				"hello-stream.publish.max-size must be between 1B and 512MB");
		Assert.isTrue(maxLines > 0, "hello-stream.publish.max-lines must be positive");
		Assert.isTrue(readTimeout.toMillis() > 0, "hello-stream.publish.read-timeout must be positive");
	}

}
