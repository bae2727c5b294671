package dev.hellostream.sse;

import java.time.Duration;

import jakarta.validation.constraints.Positive;
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
 */
@ConfigurationProperties("hello-stream.sse")
@Validated
public record SseSettings(@DefaultValue("15s") @DurationMin(millis = 100) Duration heartbeat,
		@DefaultValue("30s") @DurationMin(millis = 100) Duration stallTimeout,
		@DefaultValue("10000") @Positive int maxSubscribers) {

}
