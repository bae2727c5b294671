package dev.hellostream.sse;

import java.nio.charset.StandardCharsets;

import org.springframework.http.MediaType;

/**
 * The two ways to write a live stream.
 */
enum StreamFormat {

	/**
	 * Server-sent events, as the
	 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML
	 * standard</a> has them.
	 */
	SSE(MediaType.TEXT_EVENT_STREAM, ":\n\n"),

	/**
	 * A JSON object a line; an empty line is a heartbeat.
	 */
	NDJSON(MediaType.APPLICATION_NDJSON, "\n");

	@SuppressWarnings("ImmutableEnumChecker") // it is, without the annotation
	private final MediaType mediaType;

	private final String heartbeat;

	StreamFormat(MediaType mediaType, String heartbeat) {
		this.mediaType = mediaType;
		this.heartbeat = heartbeat;
	}

	MediaType mediaType() {
		return this.mediaType;
	}

	byte[] heartbeat() {
		return this.heartbeat.getBytes(StandardCharsets.US_ASCII);
	}

}
