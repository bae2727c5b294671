package dev.hellostream.live;

import java.nio.charset.StandardCharsets;

import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

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
	 * The event that opens a stream.
	 * @param after the position after which the stream goes on, if that names an entry
	 * @param first whether it otherwise begins with the first entry, and not now
	 * @param retryMillis how long an event source waits before it reconnects, in
	 * milliseconds
	 * @return the opening's bytes
	 */
	byte[] start(@Nullable Position after, boolean first, int retryMillis) {
		String data = (after != null) ? "{\"after\":\"" + after + "\"}" : "{}";
		return utf8(switch (this) {
			case SSE -> "retry: " + retryMillis + "\n" + ((after != null) ? "id: " + after + "\n" : "")
					+ "event: start\ndata: " + data + "\n\n";
			case NDJSON -> "{\"start\":" + data + "}\n";
			case TEXT -> "-- " + ((after != null) ? "what comes after " + after
					: first ? "what there is" : "what comes from now on") + "\n";
		});
	}

	/**
	 * The event that tells of a gap. It has no id: a client that is cut here asks for the
	 * same again, and is told the same again.
	 * @param asked what was asked for, whatever that was
	 * @param first the first entry that is there, if there is one
	 * @return the event's bytes
	 */
	byte[] gap(String asked, @Nullable Position first) {
		String json = new String(Gap.json(asked, first), StandardCharsets.UTF_8);
		return utf8(switch (this) {
			case SSE -> "event: gap\ndata: " + json + "\n\n";
			case NDJSON -> "{\"gap\":" + json + "}\n";
			case TEXT -> TextLine.gap(asked, first) + "\n";
		});
	}

	private byte[] gap(Gap gap) {
		return gap(gap.asked().toString(), gap.first());
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * How many bytes an item is. A line of text is as long as that of JSON, about.
	 */
	int length(LogItem item) {
		if (item instanceof Entry entry) {
			return (this == SSE) ? entry.event().length : entry.lineLength();
		}
		return (item instanceof Gap gap) ? gap(gap).length : 0;
	}

	/** Write an item: nothing, if it only names a place. */
	void write(LogItem item, ByteBuf buffer) {
		if (item instanceof Entry entry) {
			switch (this) {
				case SSE -> buffer.writeBytes(entry.event());
				case NDJSON -> buffer.writeBytes(entry.event(), entry.lineStart(), entry.lineLength());
				case TEXT -> buffer.writeBytes(utf8(TextLine.of(entry) + "\n"));
			}
		}
		else if (item instanceof Gap gap) {
			buffer.writeBytes(gap(gap));
		}
	}

	/**
	 * How many bytes to allocate for items. Lines of text are made as they are written,
	 * and are short where the line of JSON is long.
	 * @param length the length of the items
	 * @return how many bytes, which may turn out to be too few
	 */
	int room(int length) {
		return (this == TEXT) ? Math.min(length, ChunkMemory.CHUNK_LIMIT) : length;
	}

}
