package dev.hellostream.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes entries and gaps as JSON, and entries as server-sent events. The JSON escapes
 * every line end and every control character below U+0020, so that a producer cannot end
 * an event or begin another.
 */
final class EntryEncoder {

	private static final JsonFactory JSON = JsonFactory.builder().characterEscapes(new LineEndEscapes()).build();

	private static final byte[] ID = ascii("id: ");

	private static final byte[] DATA = ascii("\ndata: ");

	private static final byte[] END = ascii("\n\n");

	private EntryEncoder() {
	}

	static Entry entry(Position position, ReceivedMessage message) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(320 + message.body().length);
		String id = position.toString();
		out.writeBytes(ID);
		out.writeBytes(ascii(id));
		out.writeBytes(DATA);
		int lineStart = out.size();
		try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
			write(generator, id, message);
		}
		out.writeBytes(END);
		return new Entry(position.offset(), position.tag(), out.toByteArray(), lineStart);
	}

	static byte[] gap(String asked, @Nullable Position first) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(128);
		try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
			generator.writeStartObject();
			generator.writeStringProperty("asked", wellFormed(asked));
			writeIfPresent(generator, "first", first);
			generator.writeEndObject();
		}
		return out.toByteArray();
	}

	private static void write(JsonGenerator generator, String id, ReceivedMessage message) {
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

	private static void writeIfPresent(JsonGenerator generator, String name, @Nullable Object value) {
		if (value != null) {
			generator.writeStringProperty(name, wellFormed(value.toString()));
		}
	}

	private static void writeValue(JsonGenerator generator, @Nullable Object value) {
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

	/** Replace unpaired surrogates by U+FFFD: UTF-8 cannot encode them. */
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

	/** Decode the body as UTF-8, or return {@code null} if it is not valid. */
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
