package dev.hellostream.web;

import java.time.Duration;
import java.util.List;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Allowed callers, and limits of a connection.
 *
 * @param allowedHosts Names of this server besides those of loopback: app.example.org,
 * *.example.org (any name below it), 192.0.2.1, [2001:db8::1], each with a port
 * (app.example.org:8443) or for any port. Required to listen beyond loopback.
 * @param allowedOrigins Origins whose pages may read and publish besides this server's
 * own, such as https://shop.example.org.
 * @param maxConnections Number of HTTP connections at a time, live streams included.
 * Further ones are closed at once.
 * @param maxHeaders Number of header fields that a request may have. Their size is
 * limited by server.max-http-request-header-size.
 * @param headerTimeout Time limit for the head of a request, from its first byte on, and
 * for the rest of a body that was answered before its end.
 * @param responseTimeout How long a client may read nothing of a response that waits for
 * it. Live streams have hello-stream.sse.stall-timeout.
 */
@ConfigurationProperties("hello-stream.web")
@Validated
public record WebSettings(
		@DefaultValue List<@Pattern(regexp = WebSettings.HOST, message = WebSettings.NO_HOST) String> allowedHosts,
		@DefaultValue List<@Pattern(regexp = WebSettings.ORIGIN,
				message = WebSettings.NO_ORIGIN) String> allowedOrigins,
		@DefaultValue("12000") @Positive int maxConnections, @DefaultValue("100") @Positive int maxHeaders,
		@DefaultValue("10s") @DurationMin(millis = 100, message = WebSettings.BOUNDS) @DurationMax(days = 1,
				message = WebSettings.BOUNDS) Duration headerTimeout,
		@DefaultValue("30s") @DurationMin(millis = 100, message = WebSettings.BOUNDS) @DurationMax(days = 1,
				message = WebSettings.BOUNDS) Duration responseTimeout) {

	static final String BOUNDS = "must be between 100ms and 1d";

	static final String HOST = "((\\*\\.)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?";

	static final String NO_HOST = "must be a host name or address, such as app.example.org, *.example.org or 192.0.2.1:8080";

	static final String ORIGIN = "https?://(?!\\*)" + HOST;

	static final String NO_ORIGIN = "must be an origin, such as https://shop.example.org";

}
