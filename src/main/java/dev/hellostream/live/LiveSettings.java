package dev.hellostream.live;

import java.time.Duration;

import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How live streams are served.
 *
 * @param heartbeat How long a stream may be silent before a comment is sent, by which a
 * lost connection is noticed.
 * @param stallTimeout How long a subscriber may take nothing before it is closed. It
 * loses nothing: it resumes by the last id that it has.
 * @param maxSubscribers Number of live streams at a time. One more is told to come back
 * in some seconds.
 * @param maxSubscribersPerAddress Number of live streams at a time of one client address,
 * and of one IPv6 network (/64). Loopback is not counted: it is this machine, or a proxy
 * on it that speaks for many.
 * @param maxCatchUps Number of subscribers that read the log at a time because they are
 * behind the newest messages. Others wait for their turn.
 * @param maxPageSize Number of messages that a page of the history may have.
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
