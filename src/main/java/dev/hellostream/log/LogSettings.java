package dev.hellostream.log;

import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where the log is and how much it keeps. Whichever limit is reached first makes the
 * oldest entries go.
 *
 * @param store Where the log is: in the memory of this instance, or in a stream of the
 * RabbitMQ that the messages come from, which all instances share.
 * @param maxEntries Number of entries that this instance keeps in memory. Older ones are
 * gone, or have to be read from the stream, also for a live stream that falls so far
 * behind.
 * @param maxBytes Heap that the entries in memory take, about. The newest entry is kept
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
	 * Where the log is.
	 */
	public enum Store {

		/** In the memory of one instance. */
		MEMORY,

		/** In a RabbitMQ stream. */
		STREAM

	}

}
