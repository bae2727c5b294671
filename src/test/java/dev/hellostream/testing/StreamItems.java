package dev.hellostream.testing;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The items of a live stream as JSON: the lines of NDJSON, or events as objects with the
 * members {@code id}, {@code event}, {@code retry}, and {@code data} parsed.
 */
final class StreamItems {

	private static final JsonMapper JSON = new JsonMapper();

	private StreamItems() {
	}

	static List<JsonNode> of(String type, String body) {
		return switch (type) {
			case "application/x-ndjson" ->
				body.lines().filter(Predicate.not(String::isBlank)).map(JSON::readTree).toList();
			case "text/event-stream" -> Arrays.stream(body.split("\n\n", -1))
				.map(StreamItems::event)
				.filter(Predicate.not(JsonNode::isEmpty))
				.toList();
			default -> throw new IllegalArgumentException("No stream: " + type);
		};
	}

	private static JsonNode event(String block) {
		ObjectNode event = JsonNodeFactory.instance.objectNode();
		for (String line : block.lines().filter((line) -> !line.startsWith(":")).toList()) {
			String[] field = line.split(": ?", 2);
			switch (field[0]) {
				case "data" -> event.set("data", JSON.readTree(field[1]));
				case "retry" -> event.put("retry", Integer.parseInt(field[1]));
				default -> event.put(field[0], field[1]);
			}
		}
		return event;
	}

}
