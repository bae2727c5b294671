package dev.hellostream.sse;

import dev.hellostream.log.Position;
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
 * @param position the position that a subscriber has reached with this frame,
 * {@code null} if that names no entry
 * @param sse the frame of an event stream
 * @param line where the line of an NDJSON stream is, with its end
 * @param lineStart its first byte there
 * @param lineEnd the byte after its last
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(@Nullable Position position, byte[] sse, byte[] line, int lineStart, int lineEnd) {

	/**
	 * A frame that says nothing and only marks a place.
	 * @param position the place
	 * @return an empty frame
	 */
	static Frame mark(Position position) {
		return new Frame(position, new byte[0], new byte[0], 0, 0);
	}

	int length(StreamFormat format) {
		return (format == StreamFormat.SSE) ? this.sse.length : this.lineEnd - this.lineStart;
	}

}
