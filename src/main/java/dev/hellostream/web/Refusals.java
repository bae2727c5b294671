package dev.hellostream.web;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/**
 * Counts refusals by reason. Every reason is registered from the start, so that an alert
 * can be set before the first refusal.
 */
@Component
public class Refusals {

	private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

	Refusals(MeterRegistry meters) {
		for (Reason reason : Reason.values()) {
			this.counters.put(reason, Counter.builder("hello.stream.web.refusals")
				.description("Requests, connections and live streams that were refused, by the guard or by a limit")
				.tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.register(meters));
		}
	}

	/**
	 * Count one refusal.
	 * @param reason the reason
	 */
	public void count(Reason reason) {
		Objects.requireNonNull(this.counters.get(reason)).increment();
	}

	/**
	 * Reasons for a refusal.
	 */
	public enum Reason {

		/** The request is for a host that is not allowed. */
		HOST,

		/** The request comes from a page of an origin that is not allowed. */
		ORIGIN,

		/** The request is not valid HTTP, or does not have one valid Host header. */
		MALFORMED,

		/** The first line of the request is too long. */
		REQUEST_LINE,

		/** The header of the request is too large, or has too many fields. */
		HEADER,

		/** The head of the request was not complete in time. */
		HEADER_TIMEOUT,

		/** A body, a line of it, or its rest after the answer did not come in time. */
		BODY_TIMEOUT,

		/** The client read nothing of its response for too long. */
		RESPONSE_TIMEOUT,

		/** A message, or a line of many, is too large. */
		MESSAGE_SIZE,

		/** The requested page of the log is too large. */
		PAGE_SIZE,

		/** There are too many connections. */
		CONNECTIONS,

		/** There are too many live streams. */
		SUBSCRIBERS,

		/** There are too many live streams from one client address. */
		SUBSCRIBERS_PER_ADDRESS

	}

}
