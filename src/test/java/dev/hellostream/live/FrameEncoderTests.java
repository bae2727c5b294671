package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.hellostream.log.Gap;
import dev.hellostream.log.LogEntry;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.testing.Seed;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FrameEncoder}.
 */
class FrameEncoderTests {

	private static final Instant RECEIVED = Instant.parse("2026-11-22T10:00:00.123Z");

	private final FrameEncoder encoder = new FrameEncoder();

	private final JsonMapper json = new JsonMapper();

	@Test
	void entryShouldBeOneFrameWithItsPositionAsId() {
		Frame frame = encode("Hello", Map.of("a", List.of(1, true, Map.of("b", "c"))));
		String sse = new String(frame.sse(), StandardCharsets.UTF_8);
		assertThat(sse).startsWith("id: 42.c01dcafe\ndata: {").endsWith("}\n\n");
		JsonNode entry = line(frame);
		assertThat(entry.get("id").asString()).isEqualTo("42.c01dcafe");
		assertThat(entry.get("messageId").asString()).isEqualTo("id");
		assertThat(entry.get("receivedAt").asString()).isEqualTo("2026-11-22T10:00:00.123Z");
		assertThat(entry.get("contentType").asString()).isEqualTo("text/plain");
		assertThat(entry.get("routingKey").asString()).isEqualTo("hello");
		assertThat(entry.get("headers").toString()).isEqualTo("{\"a\":[1,true,{\"b\":\"c\"}]}");
		assertThat(entry.get("encoding").asString()).isEqualTo("utf-8");
		assertThat(entry.get("body").asString()).isEqualTo("Hello");
		assertThat(entry.has("timestamp")).isFalse();
	}

	@Test
	void headerThatIsNothingShouldBeNull() {
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("nothing", null);
		assertThat(line(encode("Hello", headers)).get("headers").toString()).isEqualTo("{\"nothing\":null}");
	}

	@Test
	void entryShouldKeepItsFrameWhateverTheBodyHolds() {
		String hostile = "\n\nid: 1\ndata: forged\r\r\u0000\u2028\"\\</script>\uFFFD😀";
		Frame frame = encode(hostile, Map.of("x\ny", "\r\nid: 7"));
		assertThat(new String(frame.sse(), StandardCharsets.UTF_8).strip().lines()).hasSize(2);
		assertThat(line(frame).get("body").asString()).isEqualTo(hostile);
		assertThat(line(frame).get("headers").get("x\ny").asString()).isEqualTo("\r\nid: 7");
	}

	@Test
	void entryShouldHoldNoLineEndOfAnyKindThatClientsKnow() {
		String lineEnds = "nel \u0085 ls \u2028 ps \u2029 é 中 😀";
		Frame frame = encode(lineEnds, Map.of(lineEnds, lineEnds));
		assertThat(new String(frame.sse(), StandardCharsets.UTF_8)).doesNotContain("\u0085", "\u2028", "\u2029")
			.contains("é 中");
		assertThat(line(frame).get("body").asString()).isEqualTo(lineEnds);
		assertThat(line(frame).get("headers").get(lineEnds).asString()).isEqualTo(lineEnds);
		Frame gap = this.encoder.gap(lineEnds, null);
		assertThat(new String(gap.sse(), StandardCharsets.UTF_8)).doesNotContain("\u0085", "\u2028", "\u2029");
		assertThat(line(gap).get("gap").get("asked").asString()).isEqualTo(lineEnds);
	}

	@Test
	void bodyThatIsNoTextShouldTravelAsBase64() {
		byte[] bytes = { (byte) 0xff, 0, 10, 13, (byte) 0xc3 };
		JsonNode entry = line(encode(bytes, Map.of()));
		assertThat(entry.get("encoding").asString()).isEqualTo("base64");
		assertThat(entry.get("body").binaryValue()).isEqualTo(bytes);
	}

	@Test
	void gapShouldTellWhatWasAskedForAndWhatIsThereAndHaveNoId() {
		Frame frame = this.encoder.encode(new Gap(new Position(3, 1), new Position(9, 2)));
		assertThat(new String(frame.sse(), StandardCharsets.UTF_8))
			.isEqualTo("event: gap\ndata: {\"asked\":\"3.00000001\",\"first\":\"9.00000002\"}\n\n");
		assertThat(line(frame).get("gap").get("first").asString()).isEqualTo("9.00000002");
	}

	@Test
	void gapShouldEscapeWhatAClientSent() {
		Frame frame = this.encoder.gap("\"}\n\nid: 1", null);
		assertThat(line(frame).get("gap").get("asked").asString()).isEqualTo("\"}\n\nid: 1");
		assertThat(new String(frame.sse(), StandardCharsets.UTF_8).strip().lines()).hasSize(2);
	}

	@Test
	void frameShouldBeOneEventThatReadsBackWhateverTheProducerSent() {
		Seed.forEach(5_000, (random) -> {
			String body = wellFormed(Seed.text(random, 60));
			String id = Seed.text(random, 20);
			Map<String, Object> headers = Map.of(Seed.text(random, 10), Seed.text(random, 20), "list",
					List.of(Seed.text(random, 5), random.nextDouble(), Double.NaN, Double.POSITIVE_INFINITY));
			ReceivedMessage message = new ReceivedMessage(RECEIVED, id, null, false, null, Seed.text(random, 20),
					Seed.text(random, 20), headers, body.getBytes(StandardCharsets.UTF_8));
			Frame frame = this.encoder.encode(new LogEntry(new Position(42, 0xc01dcafe), message));
			List<Map<String, String>> events = events(frame.sse());
			assertThat(events).singleElement().satisfies((event) -> {
				assertThat(event).containsOnlyKeys("id", "data").containsEntry("id", "42.c01dcafe");
				JsonNode entry = this.json.readTree(event.get("data"));
				assertThat(entry).isEqualTo(line(frame));
				assertThat(entry.get("body").asString()).isEqualTo(body);
				assertThat(entry.get("messageId").asString()).isEqualTo(wellFormed(id));
				assertThat(entry.get("headers").size()).isEqualTo(2);
			});
		});
	}

	/** What UTF-8 can carry: half of a surrogate pair is no character. */
	private static String wellFormed(String text) {
		return text.codePoints()
			.map((character) -> (Character.getType(character) == Character.SURROGATE) ? '\ufffd' : character)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	/** The HTML standard's way to read an event stream, and nothing of ours. */
	private static List<Map<String, String>> events(byte[] stream) {
		List<Map<String, String>> events = new ArrayList<>();
		Map<String, String> event = new LinkedHashMap<>();
		for (String line : new String(stream, StandardCharsets.UTF_8).split("\r\n|\n|\r", -1)) {
			if (line.isEmpty() && !event.isEmpty()) {
				events.add(event);
				event = new LinkedHashMap<>();
			}
			else if (!line.isEmpty()) {
				int colon = line.indexOf(':');
				String name = (colon < 0) ? line : line.substring(0, colon);
				String value = (colon < 0) ? "" : line.substring(colon + 1);
				event.merge(name, value.startsWith(" ") ? value.substring(1) : value, (one, two) -> one + "\n" + two);
			}
		}
		assertThat(event).as("what is left behind the last event").isEmpty();
		return events;
	}

	private Frame encode(String body, Map<String, Object> headers) {
		return encode(body.getBytes(StandardCharsets.UTF_8), headers);
	}

	private Frame encode(byte[] body, Map<String, Object> headers) {
		ReceivedMessage message = new ReceivedMessage(RECEIVED, "id", null, false, null, "text/plain", "hello", headers,
				body);
		return this.encoder.encode(new LogEntry(new Position(42, 0xc01dcafe), message));
	}

	private JsonNode line(Frame frame) {
		String line = new String(frame.line(), frame.lineStart(), frame.lineEnd() - frame.lineStart(),
				StandardCharsets.UTF_8);
		assertThat(line).endsWith("\n");
		assertThat(line.strip().lines()).hasSize(1);
		return this.json.readTree(line);
	}

}
