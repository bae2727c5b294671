package dev.hellostream.live;

import dev.hellostream.log.Position;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One item of the log as it goes out, encoded once for everybody. Immutable; the bytes
 * are never written again.
 *
 * <pre>
 * id: 42.c01dcafe\n  data: {"id":"42.c01dcafe", … }\n  \n
 * └────────────────────── SSE ──────────────────────────┘
 *                          └──────── NDJSON ────────┘
 * </pre>
 *
 * @param kind what it is
 * @param position the position that a subscriber has reached with this frame,
 * {@code null} if that names no entry
 * @param sse the frame of an event stream
 * @param line where the line of an NDJSON stream is, with its end
 * @param lineStart its first byte there
 * @param lineEnd the byte after its last
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Frame(Kind kind, @Nullable Position position, byte[] sse, byte[] line, int lineStart, int lineEnd) {

	/**
	 * A frame with an entry, whose line is a part of the event.
	 */
	static Frame entry(Position position, byte[] sse, int lineStart, int lineEnd) {
		return new Frame(Kind.ENTRY, position, sse, sse, lineStart, lineEnd);
	}

	/**
	 * A frame that tells of a gap.
	 */
	static Frame gap(@Nullable Position asked, byte[] sse, byte[] line) {
		return new Frame(Kind.GAP, asked, sse, line, 0, line.length);
	}

	/**
	 * A frame that says nothing and only marks a place.
	 * @param position the place
	 * @return an empty frame
	 */
	static Frame mark(Position position) {
		return new Frame(Kind.MARK, position, new byte[0], new byte[0], 0, 0);
	}

	/**
	 * How many bytes it is. A line of text is as long as that of JSON, about.
	 * @param format how it is written
	 * @return the number of bytes
	 */
	public int length(LiveFormat format) {
		return (format == LiveFormat.SSE) ? this.sse.length : this.lineEnd - this.lineStart;
	}

	void writeTo(ByteBuf buffer, LiveFormat format) {
		switch (format) {
			case SSE -> buffer.writeBytes(this.sse);
			case NDJSON -> buffer.writeBytes(this.line, this.lineStart, this.lineEnd - this.lineStart);
			case TEXT -> buffer.writeBytes(TextLine.of(this));
		}
	}

	/**
	 * What a frame can be.
	 */
	public enum Kind {

		/** An entry. */
		ENTRY,

		/** Entries that are missing. */
		GAP,

		/** A place, without bytes. */
		MARK

	}

}
