package dev.hellostream.live;

import java.nio.charset.StandardCharsets;

import org.springframework.http.MediaType;

/**
 * The ways to write a live stream.
 */
public enum LiveFormat {

	/**
	 * Server-sent events, as the
	 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML
	 * standard</a> has them. They are UTF-8 in any case; some clients take text of which
	 * nobody says so for ISO 8859-1.
	 */
	SSE(new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8), ":\n\n"),

	/**
	 * A JSON object a line; an empty line is a heartbeat.
	 */
	NDJSON(MediaType.APPLICATION_NDJSON, "\n"),

	/**
	 * A line of text for people; see {@link TextLine}. A heartbeat returns a terminal's
	 * cursor to where it is.
	 */
	TEXT(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8), "\r");

	@SuppressWarnings("ImmutableEnumChecker") // it is, without the annotation
	private final MediaType mediaType;

	@SuppressWarnings("ImmutableEnumChecker") // nobody adds to it
	private final Chunk heartbeat;

	LiveFormat(MediaType mediaType, String heartbeat) {
		this.mediaType = mediaType;
		this.heartbeat = Chunk.constant(heartbeat.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * What a response of this format has as its {@code Content-Type}.
	 * @return the media type, with UTF-8 where it is text
	 */
	public MediaType mediaType() {
		return this.mediaType;
	}

	/** What a silent stream says from time to time; not to be released. */
	Chunk heartbeat() {
		return this.heartbeat;
	}

	/**
	 * How many bytes to allocate for frames. Lines of text are made as they are written,
	 * and are short where the line of JSON is long.
	 * @param length the length of the frames
	 * @return how many bytes, which may turn out to be too few
	 */
	int room(int length) {
		return (this == TEXT) ? Math.min(length, ChunkMemory.CHUNK_LIMIT) : length;
	}

}
