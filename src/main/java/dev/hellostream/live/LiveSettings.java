package dev.hellostream.live;

import java.time.Duration;

import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of live streams.
 *
 * @param heartbeat How long a live stream may be silent before a heartbeat is sent, so
 * that a lost connection is detected.
 * @param stallTimeout How long a subscriber may read nothing before its connection is
 * closed. It loses nothing: it resumes from its last id.
 * @param maxSubscribers Number of concurrent live streams. Further clients are asked to
 * try again after some seconds.
 * @param maxSubscribersPerAddress Number of concurrent live streams of one client
 * address, and of one IPv6 network (/64). Does not apply to loopback, which is this
 * machine, or a proxy on it that represents many clients.
 * @param maxCatchUps Number of subscribers that read the log at a time because they are
 * behind the newest entries. Others wait for their turn.
 * @param maxPageSize Largest number of entries in a page of the history.
 */
@ConfigurationProperties("hello-stream.sse")
@Validated
public record LiveSettings(
		@DefaultValue("15s") @DurationMin(millis = 100, message = LiveSettings.BOUNDS) @DurationMax(days = 1,
				message = LiveSettings.BOUNDS) Duration heartbeat,
		@DefaultValue("30s") @DurationMin(millis = 100, message = LiveSettings.BOUNDS) @DurationMax(days = 1,
				message = LiveSettings.BOUNDS) Duration stallTimeout,
		@DefaultValue("10000") @Positive int maxSubscribers,
		@DefaultValue("1000") @Positive int maxSubscribersPerAddress, @DefaultValue("16") @Positive int maxCatchUps,
		@DefaultValue("1000") @Positive int maxPageSize) {

	static final String BOUNDS = "must be between 100ms and 1d";

}
