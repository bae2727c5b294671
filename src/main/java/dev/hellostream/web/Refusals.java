package dev.hellostream.web;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/**
 * Counts what was refused, by reason. Every reason is there from the start, so that an
 * alert can be set before the first refusal.
 */
@Component
public class Refusals {

	private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

	Refusals(MeterRegistry meters) {
		for (Reason reason : Reason.values()) {
			this.counters.put(reason,
					Counter.builder("hello.stream.web.refusals")
						.description("Requests, connections and streams that were refused, by the guard or by a limit")
						.tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
						.register(meters));
		}
	}

	/**
	 * Count one.
	 * @param reason why it was refused
	 */
	public void count(Reason reason) {
		Objects.requireNonNull(this.counters.get(reason)).increment();
	}

	/**
	 * Why something is refused.
	 */
	public enum Reason {

		/** The request is for a host that is not ours. */
		HOST,

		/** The request comes from a page of another origin. */
		ORIGIN,

		/** The request is no HTTP. */
		MALFORMED,

		/** The request's first line is too long. */
		REQUEST_LINE,

		/** The request's header is too large, or has too many fields. */
		HEADER,

		/** The request's head was not there in time. */
		HEADER_TIMEOUT,

		/** A message, or a line of many, was not there in time. */
		BODY_TIMEOUT,

		/** A response was not read in time. */
		RESPONSE_TIMEOUT,

		/** A message, or a line of many, is too large. */
		MESSAGE_SIZE,

		/** A page of the history was asked for that is too large. */
		PAGE_SIZE,

		/** There are too many connections. */
		CONNECTIONS,

		/** There are too many live streams. */
		SUBSCRIBERS,

		/** There are too many live streams of one client address. */
		SUBSCRIBERS_PER_ADDRESS

	}

}
