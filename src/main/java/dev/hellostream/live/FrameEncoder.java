package dev.hellostream.live;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogEntry;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import org.springframework.stereotype.Component;

/**
 * Writes items of the log as frames. Every line end and control character is escaped in
 * the JSON, so nothing that a producer sends can end a frame or begin another.
 *
 * <p>
 * Safe for use by several threads.
 */
@Component
public class FrameEncoder {

	private static final byte[] ID = ascii("id: ");

	private static final byte[] DATA = ascii("\ndata: ");

	private static final byte[] END = ascii("\n\n");

	private final JsonFactory json = JsonFactory.builder().characterEscapes(new LineEndEscapes()).build();

	/**
	 * Write an item.
	 * @param item an entry or a gap; anything else becomes a mark, which is empty
	 * @return the frame
	 */
	public Frame encode(LogItem item) {
		if (item instanceof LogEntry entry) {
			return entry(entry);
		}
		if (item instanceof Gap gap) {
			return gap(gap);
		}
		return Frame.mark(((CaughtUp) item).position());
	}

	private Frame entry(LogEntry entry) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(320 + entry.message().body().length);
		String id = entry.position().toString();
		out.writeBytes(ID);
		out.writeBytes(ascii(id));
		out.writeBytes(DATA);
		int lineStart = out.size();
		try (JsonGenerator generator = this.json.createGenerator(ObjectWriteContext.empty(), out)) {
			write(generator, id, entry.message());
		}
		out.writeBytes(END);
		byte[] bytes = out.toByteArray();
		return Frame.entry(entry.position(), bytes, lineStart, bytes.length - 1);
	}

	/**
	 * The event that opens a stream.
	 * @param after the position after which the stream goes on, if that names an entry
	 * @param first whether it otherwise begins with the first entry, and not now
	 * @param format how it is written
	 * @param retryMillis how long an event source waits before it reconnects, in
	 * milliseconds
	 * @return the opening's bytes
	 */
	byte[] start(@Nullable String after, boolean first, LiveFormat format, int retryMillis) {
		String data = (after != null) ? "{\"after\":\"" + after + "\"}" : "{}";
		return ascii(switch (format) {
			case SSE -> "retry: " + retryMillis + "\n" + ((after != null) ? "id: " + after + "\n" : "")
					+ "event: start\ndata: " + data + "\n\n";
			case NDJSON -> "{\"start\":" + data + "}\n";
			case TEXT -> "-- " + ((after != null) ? "what comes after " + after
					: first ? "what there is" : "what comes from now on") + "\n";
		});
	}

	private Frame gap(Gap gap) {
		Frame told = gap(gap.asked().toString(), (gap.first() != null) ? gap.first().toString() : null);
		return Frame.gap(gap.asked(), told.sse(), told.line());
	}

	/**
	 * The event that tells of a gap. It has no id: a client that is cut here asks for the
	 * same again, and is told the same again.
	 * @param asked what was asked for, whatever that was
	 * @param first the first entry that is there, if there is one
	 * @return the frame
	 */
	Frame gap(String asked, @Nullable String first) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(128);
		try (JsonGenerator generator = this.json.createGenerator(ObjectWriteContext.empty(), out)) {
			generator.writeStartObject();
			generator.writeStringProperty("asked", wellFormed(asked));
			writeIfPresent(generator, "first", first);
			generator.writeEndObject();
		}
		String data = out.toString(StandardCharsets.UTF_8);
		byte[] line = ("{\"gap\":" + data + "}\n").getBytes(StandardCharsets.UTF_8);
		return Frame.gap(null, ("event: gap\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8), line);
	}

	private void write(JsonGenerator generator, String id, ReceivedMessage message) {
		generator.writeStartObject();
		generator.writeStringProperty("id", id);
		writeIfPresent(generator, "messageId", message.messageId());
		generator.writeStringProperty("receivedAt", message.receivedAt().toString());
		writeIfPresent(generator, "timestamp", message.timestamp());
		writeIfPresent(generator, "contentType", message.contentType());
		generator.writeStringProperty("routingKey", wellFormed(message.routingKey()));
		if (!message.headers().isEmpty()) {
			generator.writeName("headers");
			writeValue(generator, message.headers());
		}
		String text = text(message.body());
		generator.writeStringProperty("encoding", (text != null) ? "utf-8" : "base64");
		generator.writeName("body");
		if (text != null) {
			generator.writeString(text);
		}
		else {
			generator.writeBinary(message.body());
		}
		generator.writeEndObject();
	}

	private void writeIfPresent(JsonGenerator generator, String name, @Nullable Object value) {
		if (value != null) {
			generator.writeStringProperty(name, wellFormed(value.toString()));
		}
	}

	private void writeValue(JsonGenerator generator, @Nullable Object value) {
		if (value == null) {
			generator.writeNull();
		}
		else if (value instanceof Map<?, ?> map) {
			generator.writeStartObject();
			map.forEach((name, member) -> {
				generator.writeName(wellFormed(String.valueOf(name)));
				writeValue(generator, member);
			});
			generator.writeEndObject();
		}
		else if (value instanceof List<?> list) {
			generator.writeStartArray();
			list.forEach((element) -> writeValue(generator, element));
			generator.writeEndArray();
		}
		else if (value instanceof Boolean flag) {
			generator.writeBoolean(flag);
		}
		else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
			generator.writeNumber(number.toString());
		}
		else {
			generator.writeString(wellFormed(value.toString()));
		}
	}

	/** Half of a surrogate pair is no character, and UTF-8 has no way to write it. */
	private static String wellFormed(String text) {
		boolean hasSurrogates = false;
		for (int i = 0; i < text.length() && !hasSurrogates; i++) {
			hasSurrogates = Character.isSurrogate(text.charAt(i));
		}
		if (!hasSurrogates) {
			return text;
		}
		StringBuilder mended = new StringBuilder(text.length());
		text.codePoints().forEach((character) -> mended.appendCodePoint(isHalf(character) ? '\uFFFD' : character));
		return mended.toString();
	}

	private static boolean isHalf(int character) {
		return Character.MIN_SURROGATE <= character && character <= Character.MAX_SURROGATE;
	}

	/** The body as text, or {@code null} if it is not valid UTF-8. */
	private static @Nullable String text(byte[] body) {
		String text = new String(body, StandardCharsets.UTF_8);
		if (text.indexOf('\uFFFD') < 0) {
			return text;
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
