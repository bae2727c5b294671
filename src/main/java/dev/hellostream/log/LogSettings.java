package dev.hellostream.log;

import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The store of the log, and its limits in memory. When either limit is exceeded, the
 * oldest entries are removed.
 *
 * @param store Store of the log: the memory of this instance, or a RabbitMQ stream on the
 * broker that delivers the messages, which all instances share.
 * @param maxEntries Number of entries that this instance keeps in memory. Older entries
 * are removed or, if the store is a RabbitMQ stream, read from there, also for a live
 * stream that falls that far behind.
 * @param maxBytes Estimated heap of the entries in memory. The newest entry is kept
 * whatever its size.
 */
@ConfigurationProperties("hello-stream.log")
@Validated
public record LogSettings(@DefaultValue("memory") Store store, @DefaultValue("100000") @Positive int maxEntries,
		@DefaultValue("64MB") DataSize maxBytes) {

	public LogSettings {
		Assert.isTrue(maxBytes.toBytes() > 0 && maxBytes.toTerabytes() < 1,
				"hello-stream.log.max-bytes must be between 1B and 1023GB");
	}

	/**
	 * The stores of a log.
	 */
	public enum Store {

		/** In the memory of one instance. */
		MEMORY,

		/** In a RabbitMQ stream. */
		STREAM

	}

}
