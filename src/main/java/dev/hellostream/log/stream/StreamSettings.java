package dev.hellostream.log.stream;

import java.time.Duration;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The RabbitMQ stream that holds the log. Declared if it does not exist; an existing one
 * is used as it is.
 *
 * @param name Name of the RabbitMQ stream.
 * @param maxAge How long the broker keeps an entry.
 * @param maxBytes How many bytes of entries the broker keeps.
 * @param segmentSize Size of one file of the RabbitMQ stream. The broker removes whole
 * files, so it should be small compared with max-bytes.
 */
@ConfigurationProperties("hello-stream.log.stream")
@Validated
record StreamSettings(@DefaultValue("hello.log") @NotBlank @Size(max = 200) String name,
		@DefaultValue("7d") Duration maxAge, @DefaultValue("1GB") DataSize maxBytes,
		@DefaultValue("16MB") DataSize segmentSize) {

	StreamSettings {
		Assert.isTrue(maxAge.toSeconds() > 0 && maxAge.compareTo(Duration.ofDays(3650)) <= 0,
				"hello-stream.log.stream.max-age must be between 1s and 3650d");
		Assert.isTrue(maxBytes.toTerabytes() < 1024,
				"hello-stream.log.stream.max-bytes must be between segment-size and 1023TB");
		// With a segment size of one byte, RabbitMQ 3.10 confirms no append.
		Assert.isTrue(
				segmentSize.toKilobytes() >= 100 && segmentSize.compareTo(maxBytes) <= 0
						&& segmentSize.compareTo(DataSize.ofGigabytes(2)) <= 0,
				"hello-stream.log.stream.segment-size must be between 100KB and 2GB, and not above max-bytes");
	}

}
