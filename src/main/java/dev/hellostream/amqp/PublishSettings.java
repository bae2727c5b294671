package dev.hellostream.amqp;

import java.time.Duration;

import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How messages are published.
 *
 * @param confirmTimeout How long one message may wait to be written and confirmed. If
 * only the confirm is missing by then, it is unknown whether the broker has stored it.
 * @param maxSize Size of the largest message that is accepted by POST or consumed. A
 * larger POST is refused, a larger message from the queue goes to the dead-letter queue.
 * @param maxLines Number of lines of one application/x-ndjson request that may be
 * unconfirmed. No more is read from it before some are confirmed.
 * @param readTimeout How long a client may take to send one message: the body of a POST,
 * or a line of many. The time in which its lines wait for the broker does not count.
 */
@ConfigurationProperties("hello-stream.publish")
@Validated
public record PublishSettings(
		@DefaultValue("5s") @DurationMin(seconds = 1, message = PublishSettings.BOUNDS) @DurationMax(days = 1,
				message = PublishSettings.BOUNDS) Duration confirmTimeout,
		@DefaultValue("1MB") DataSize maxSize,
		@DefaultValue("512") @Range(min = 1, max = 10_000, message = "must be between 1 and 10000") int maxLines,
		@DefaultValue("60s") @DurationMin(seconds = 1, message = PublishSettings.BOUNDS) @DurationMax(days = 1,
				message = PublishSettings.BOUNDS) Duration readTimeout) {

	static final String BOUNDS = "must be between 1s and 1d";

	/** The AMQP client closes a connection that receives a message of 64 MB or more. */
	private static final DataSize LARGEST = DataSize.ofMegabytes(50);

	public PublishSettings {
		Assert.isTrue(maxSize.toBytes() > 0 && maxSize.compareTo(LARGEST) <= 0,
				"hello-stream.publish.max-size must be between 1B and 50MB");
	}

}
