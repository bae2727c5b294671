package dev.hellostream.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.hellostream.testing.Seed;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntryEncoder}.
 */
class EntryEncoderTests {

	private static final Instant RECEIVED = Instant.parse("2026-11-22T10:00:00.123Z");

	private final JsonMapper json = new JsonMapper();

	@Test
	void entryShouldBeOneEventWithItsPositionAsId() {
		Entry entry = encode("Hello", Map.of("a", List.of(1, true, Map.of("b", "c"))));
		String sse = new String(entry.event(), StandardCharsets.UTF_8);
		assertThat(sse).startsWith("id: 42.c01dcafe\ndata: {").endsWith("}\n\n");
		JsonNode json = line(entry);
		assertThat(json.get("id").asString()).isEqualTo("42.c01dcafe");
		assertThat(json.get("messageId").asString()).isEqualTo("id");
		assertThat(json.get("receivedAt").asString()).isEqualTo("2026-11-22T10:00:00.123Z");
		assertThat(json.get("contentType").asString()).isEqualTo("text/plain");
		assertThat(json.get("routingKey").asString()).isEqualTo("hello");
		assertThat(json.get("headers").toString()).isEqualTo("{\"a\":[1,true,{\"b\":\"c\"}]}");
		assertThat(json.get("encoding").asString()).isEqualTo("utf-8");
		assertThat(json.get("body").asString()).isEqualTo("Hello");
		assertThat(json.has("timestamp")).isFalse();
	}

	@Test
	void headerThatIsNothingShouldBeNull() {
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("nothing", null);
		assertThat(line(encode("Hello", headers)).get("headers").toString()).isEqualTo("{\"nothing\":null}");
	}

	@Test
	void entryShouldStayOneEventWhateverTheBodyHolds() {
		String hostile = "\n\nid: 1\ndata: forged\r\r\u0000\u2028\"\\</script>\uFFFD😀";
		Entry entry = encode(hostile, Map.of("x\ny", "\r\nid: 7"));
		assertThat(new String(entry.event(), StandardCharsets.UTF_8).strip().lines()).hasSize(2);
		assertThat(line(entry).get("body").asString()).isEqualTo(hostile);
		assertThat(line(entry).get("headers").get("x\ny").asString()).isEqualTo("\r\nid: 7");
	}

	@Test
	void entryShouldHoldNoLineEndOfAnyKindThatClientsKnow() {
		String lineEnds = "nel \u0085 ls \u2028 ps \u2029 é 中 😀";
		Entry entry = encode(lineEnds, Map.of(lineEnds, lineEnds));
		assertThat(new String(entry.event(), StandardCharsets.UTF_8)).doesNotContain("\u0085", "\u2028", "\u2029")
			.contains("é 中");
		assertThat(line(entry).get("body").asString()).isEqualTo(lineEnds);
		assertThat(line(entry).get("headers").get(lineEnds).asString()).isEqualTo(lineEnds);
		byte[] gap = Gap.json(lineEnds, null);
		assertThat(new String(gap, StandardCharsets.UTF_8)).doesNotContain("\u0085", "\u2028", "\u2029");
		assertThat(this.json.readTree(gap).get("asked").asString()).isEqualTo(lineEnds);
	}

	@Test
	void bodyThatIsNoTextShouldTravelAsBase64() {
		byte[] bytes = { (byte) 0xff, 0, 10, 13, (byte) 0xc3 };
		JsonNode entry = line(encode(bytes, Map.of()));
		assertThat(entry.get("encoding").asString()).isEqualTo("base64");
		assertThat(entry.get("body").binaryValue()).isEqualTo(bytes);
	}

	@Test
	void gapShouldTellWhatWasAskedForAndWhatIsThere() {
		assertThat(new String(Gap.json("3.00000001", new Position(9, 2)), StandardCharsets.UTF_8))
			.isEqualTo("{\"asked\":\"3.00000001\",\"first\":\"9.00000002\"}");
	}

	@Test
	void gapShouldEscapeWhatAClientSent() {
		byte[] gap = Gap.json("\"}\n\nid: 1", null);
		assertThat(this.json.readTree(gap).get("asked").asString()).isEqualTo("\"}\n\nid: 1");
		assertThat(new String(gap, StandardCharsets.UTF_8).lines()).hasSize(1);
	}

	@Test
	void entryShouldBeOneEventThatReadsBackWhateverTheProducerSent() {
		Seed.forEach(5_000, (random) -> {
			String body = wellFormed(Seed.text(random, 60));
			String id = Seed.text(random, 20);
			Map<String, Object> headers = Map.of(Seed.text(random, 10), Seed.text(random, 20), "list",
					List.of(Seed.text(random, 5), random.nextDouble(), Double.NaN, Double.POSITIVE_INFINITY));
			ReceivedMessage message = new ReceivedMessage(RECEIVED, id, null, false, null, Seed.text(random, 20),
					Seed.text(random, 20), headers, body.getBytes(StandardCharsets.UTF_8));
			Entry entry = Entry.of(new Position(42, 0xc01dcafe), message);
			List<Map<String, String>> events = events(entry.event());
			assertThat(events).singleElement().satisfies((event) -> {
				assertThat(event).containsOnlyKeys("id", "data").containsEntry("id", "42.c01dcafe");
				JsonNode json = this.json.readTree(event.get("data"));
				assertThat(json).isEqualTo(line(entry));
				assertThat(json.get("body").asString()).isEqualTo(body);
				assertThat(json.get("messageId").asString()).isEqualTo(wellFormed(id));
				assertThat(json.get("headers").size()).isEqualTo(2);
			});
		});
	}

	/** The text as UTF-8 encodes it, which cannot represent an unpaired surrogate. */
	private static String wellFormed(String text) {
		return text.codePoints()
			.map((character) -> (Character.getType(character) == Character.SURROGATE) ? '\ufffd' : character)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	/** Parse an event stream as the HTML standard says, without any code under test. */
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

	private Entry encode(String body, Map<String, Object> headers) {
		return encode(body.getBytes(StandardCharsets.UTF_8), headers);
	}

	private Entry encode(byte[] body, Map<String, Object> headers) {
		ReceivedMessage message = new ReceivedMessage(RECEIVED, "id", null, false, null, "text/plain", "hello", headers,
				body);
		return Entry.of(new Position(42, 0xc01dcafe), message);
	}

	private JsonNode line(Entry entry) {
		String line = new String(entry.event(), entry.lineStart(), entry.lineLength(), StandardCharsets.UTF_8);
		assertThat(line).endsWith("\n");
		assertThat(line.strip().lines()).hasSize(1);
		return this.json.readTree(line);
	}

}
