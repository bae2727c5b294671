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
 * The formats of a live stream.
 */
public enum LiveFormat {

	/**
	 * Server-sent events, as defined by the
	 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML
	 * standard</a>. They are always UTF-8; the charset parameter is for clients that
	 * otherwise assume ISO 8859-1.
	 */
	SSE(new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8), ":\n\n"),

	/** One JSON object per line; an empty line is a heartbeat. */
	NDJSON(MediaType.APPLICATION_NDJSON, "\n"),

	/**
	 * One line of text per entry, for people; see {@link TextLine}. A heartbeat is a
	 * carriage return, which leaves a terminal's cursor where it is.
	 */
	TEXT(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8), "\r");

	@SuppressWarnings("ImmutableEnumChecker") // immutable, but not annotated as such
	private final MediaType mediaType;

	@SuppressWarnings("ImmutableEnumChecker") // not changed after construction
	private final Chunk heartbeat;

	LiveFormat(MediaType mediaType, String heartbeat) {
		this.mediaType = mediaType;
		this.heartbeat = Chunk.constant(heartbeat.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Return the {@code Content-Type} of a response in this format.
	 * @return the media type, with charset UTF-8 if it is text
	 */
	public MediaType mediaType() {
		return this.mediaType;
	}

	/** Return the chunk to write to a silent live stream; not to be released. */
	Chunk heartbeat() {
		return this.heartbeat;
	}

	/**
	 * Encode the event that starts a live stream.
	 * @param after the position after which the live stream continues, if there is one
	 * @param first whether it otherwise begins with the first entry, rather than now
	 * @param retryMillis how long an {@code EventSource} waits before it reconnects, in
	 * milliseconds
	 * @return the bytes of the event
	 */
	byte[] start(@Nullable Position after, boolean first, int retryMillis) {
		String data = (after != null) ? "{\"after\":\"" + after + "\"}" : "{}";
		return utf8(switch (this) {
			case SSE -> "retry: " + retryMillis + "\n" + ((after != null) ? "id: " + after + "\n" : "")
					+ "event: start\ndata: " + data + "\n\n";
			case NDJSON -> "{\"start\":" + data + "}\n";
			case TEXT ->
				"-- " + ((after != null) ? "entries after " + after : first ? "all entries" : "new entries") + "\n";
		});
	}

	/**
	 * Encode the event that reports a gap. It has no id: a client that is disconnected
	 * here sends the same id again, and receives the gap again.
	 * @param asked the requested position, or an unknown id as the client sent it
	 * @param first the position of the first entry that exists, if there is one
	 * @return the bytes of the event
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

	/** Return the number of bytes of an item, for text estimated from the JSON. */
	int length(LogItem item) {
		if (item instanceof Entry entry) {
			return (this == SSE) ? entry.event().length : entry.lineLength();
		}
		return (item instanceof Gap gap) ? gap(gap).length : 0;
	}

	/** Write an item; nothing, if it only has a position. */
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
	 * Return the number of bytes to allocate for items. Lines of text are built as they
	 * are written, and are short where the JSON is long.
	 * @param length the length of the items in bytes
	 * @return the number of bytes, which may be too small
	 */
	int room(int length) {
		return (this == TEXT) ? Math.min(length, ChunkMemory.CHUNK_LIMIT) : length;
	}

}
