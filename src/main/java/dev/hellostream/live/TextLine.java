package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import dev.hellostream.log.Entry;
import dev.hellostream.log.OneLine;
import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * An entry as a line of text for people at a terminal: the time of receipt (UTC), its id,
 * its routing key and its body.
 *
 * <pre>
 * 06:26:53.414 12.9b26df43 hello  Hello from pika
 * 06:26:54.101 13.5e0c7a11 hello  &lt;1,024 bytes, image/png&gt;
 * -- 12.9b26df43 is no longer there, 40.c01dcafe follows
 * </pre>
 *
 * Built from the JSON when it is written: few clients use this format, and the others
 * should not pay for it. If the JSON exceeds 1 MiB, its body is not read, since it is too
 * large for a terminal.
 */
final class TextLine {

	private static final int MOST_BYTES = 16 * 1024;

	private static final int LARGE = 1024 * 1024;

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private static final JsonMapper JSON = new JsonMapper();

	private TextLine() {
	}

	static String of(Entry entry) {
		Map<String, String> fields = read(entry);
		return "%s %s %s  %s".formatted(TIME.format(Instant.parse(text(fields, "receivedAt"))), text(fields, "id"),
				oneLine(text(fields, "routingKey")), body(fields));
	}

	static String gap(String asked, @Nullable Position first) {
		return "-- %s no longer exists, %s follows".formatted(oneLine(asked),
				(first != null) ? first : "the next entry");
	}

	/** Read the string fields of the JSON, except for a large body, the last field. */
	private static Map<String, String> read(Entry entry) {
		int length = entry.lineLength();
		Map<String, String> fields = new HashMap<>();
		try (JsonParser parser = JSON.createParser(entry.event(), entry.lineStart(), length)) {
			parser.nextToken();
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = parser.currentName();
				if (name.equals("body") && length > LARGE) {
					break;
				}
				if (parser.nextToken() == JsonToken.VALUE_STRING) {
					fields.put(name, parser.getString());
				}
				else {
					parser.skipChildren();
				}
			}
		}
		return fields;
	}

	private static String body(Map<String, String> entry) {
		String body = entry.get("body");
		if (body != null && text(entry, "encoding").equals("utf-8")) {
			return oneLine(body);
		}
		String size = (body != null) ? String.format(Locale.ROOT, "%,d bytes", Base64.getDecoder().decode(body).length)
				: "too large for a line";
		String type = entry.containsKey("contentType") ? ", " + oneLine(text(entry, "contentType")) : "";
		return "<" + size + type + ">";
	}

	private static String text(Map<String, String> fields, String name) {
		return fields.getOrDefault(name, "");
	}

	private static String oneLine(String text) {
		return OneLine.of(text.getBytes(StandardCharsets.UTF_8), MOST_BYTES);
	}

}
