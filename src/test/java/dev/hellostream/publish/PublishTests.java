package dev.hellostream.publish;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishing over HTTP, as a client sees it: the responses, and the messages that arrive.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "hello-stream.broker.port=0")
class PublishTests {

	private static final MediaType NDJSON = MediaType.APPLICATION_NDJSON;

	private final JsonMapper json = new JsonMapper();

	@Autowired
	private AmqpAdmin amqp;

	private WebTestClient client;

	private String before;

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = WebTestClient.bindToServer()
			.baseUrl("http://localhost:" + port)
			.responseTimeout(Duration.ofSeconds(30))
			.build();
		this.before = page("").get("next").asString();
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "text/plain;charset=utf-8", "application/json", "application/problem+json",
			"application/octet-stream" })
	void messageShouldArriveAsItWasSent(String type) {
		String body = type.contains("json") ? "{\"a\":[1,\"é\"]}" : "Héllo\u0000\nWorld";
		String id = post(type, body.getBytes(StandardCharsets.UTF_8)).get("messageId").asString();
		JsonNode entry = arrived(1).get(0);
		assertThat(entry.get("messageId").asString()).isEqualTo(id);
		assertThat(entry.get("body").asString()).isEqualTo(body);
		assertThat(MediaType.parseMediaType(entry.get("contentType").asString()))
			.isEqualTo(MediaType.parseMediaType(type));
		assertThat(entry.has("headers")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";charset=utf-8" })
	void whatCurlSendsByItselfShouldArriveAsText(String parameters) {
		post("application/x-www-form-urlencoded" + parameters, "a=1&b=%20+é".getBytes(StandardCharsets.UTF_8));
		JsonNode entry = arrived(1).get(0);
		assertThat(entry.get("body").asString()).isEqualTo("a=1&b=%20+é");
		assertThat(MediaType.parseMediaType(entry.get("contentType").asString()))
			.isEqualTo(MediaType.parseMediaType("text/plain" + parameters));
	}

	@Test
	void bytesShouldArriveAsTheyWereSent() {
		byte[] body = { 0, (byte) 0xff, 10, (byte) 0x80 };
		post("application/octet-stream", body);
		assertThat(arrived(1).get(0).get("body").binaryValue()).isEqualTo(body);
	}

	@Test
	void byteOrderMarkBeforeJsonShouldBeIgnored() {
		post("application/json", "\uFEFF{\"a\":1}".getBytes(StandardCharsets.UTF_8));
		assertThat(postLines("\uFEFF{\"a\":2}\n{\"a\":3}\n", null)).last().hasToString("{\"confirmed\":2}");
		assertThat(arrived(3)).extracting((entry) -> entry.get("body").asString())
			.containsExactly("\uFEFF{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
		refused(HttpStatus.BAD_REQUEST, "application/json", "\uFEFF".getBytes(StandardCharsets.UTF_8), "JSON");
	}

	@Test
	void repetitionWithTheSameKeyShouldBeAcceptedAndSeenOnce() {
		String key = UUID.randomUUID().toString();
		for (int i = 0; i < 3; i++) {
			this.client.post()
				.uri("/messages")
				.contentType(MediaType.TEXT_PLAIN)
				.header("Idempotency-Key", key)
				.bodyValue("once")
				.exchange()
				.expectStatus()
				.isAccepted()
				.expectBody()
				.jsonPath("$.messageId")
				.isEqualTo(key);
		}
		post("text/plain", "then".getBytes(StandardCharsets.UTF_8));
		assertThat(arrived(2)).extracting((entry) -> entry.get("body").asString()).containsExactly("once", "then");
	}

	@Test
	void badMessagesShouldBeRefusedWithASentenceAndNotPublished() {
		refused(HttpStatus.BAD_REQUEST, "text/plain", new byte[0], "empty");
		refused(HttpStatus.BAD_REQUEST, "text/plain", new byte[] { (byte) 0xc3, 40 }, "not UTF-8");
		for (String text : new String[] { "{", "{}{}", " ", "nul", "[1,]", "{\"a\":\"\n\"}", "[".repeat(10_000) }) {
			refused(HttpStatus.BAD_REQUEST, "application/json", text.getBytes(StandardCharsets.UTF_8), "JSON");
		}
		refused(HttpStatus.CONTENT_TOO_LARGE, "text/plain", new byte[1024 * 1024 + 1], "1 MB (1,048,576 bytes)");
		refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "multipart/form-data;boundary=a", new byte[] { 'a' }, "curl -d");
		refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "text/plain;charset=iso-8859-1", new byte[] { 'a' }, "UTF-8");
		refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "application/json;x=" + "y".repeat(300), new byte[] { '1' }, "255");
		assertThat(page("?after=" + this.before).get("entries")).isEmpty();
	}

	@Test
	void bodyWithoutLengthThatIsTooLargeShouldBeRefused() {
		Flux<DataBuffer> endless = Flux.range(0, 200)
			.map((i) -> DefaultDataBufferFactory.sharedInstance.wrap(new byte[8_192]));
		this.client.post()
			.uri("/messages")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body(BodyInserters.fromDataBuffers(endless))
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.CONTENT_TOO_LARGE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "é" })
	void keyThatCannotBeAMessageIdShouldBeRefused(String key) {
		assertThat(withKey(key, "text/plain").getStatus()).isEqualTo(HttpStatus.BAD_REQUEST);
	}

	@Test
	void keyThatIsTooLongShouldBeRefused() {
		assertThat(withKey("k".repeat(255), "text/plain").getStatus()).isEqualTo(HttpStatus.ACCEPTED);
		assertThat(withKey("k".repeat(256), "text/plain").getStatus()).isEqualTo(HttpStatus.BAD_REQUEST);
		assertThat(withKey("k".repeat(236), "application/x-ndjson").getStatus()).isEqualTo(HttpStatus.BAD_REQUEST);
	}

	@Test
	void linesShouldArriveInOrderWithReceiptsThatEndAtTheLast() {
		int count = 20_000;
		String body = IntStream.range(0, count).mapToObj((i) -> "{\"n\":" + i + "}\n").collect(Collectors.joining());
		List<JsonNode> receipts = postLines(body, "batch-" + UUID.randomUUID());
		assertThat(receipts.get(receipts.size() - 1).toString()).isEqualTo("{\"confirmed\":20000}");
		List<JsonNode> entries = arrived(count);
		for (int i = 0; i < count; i++) {
			assertThat(entries.get(i).get("body").asString()).isEqualTo("{\"n\":" + i + "}");
			assertThat(entries.get(i).get("messageId").asString()).matches("batch-.*/" + (i + 1));
		}
	}

	@Test
	void lineThatIsNoJsonShouldEndItAndSayWhichLines() {
		String body = "{\"n\":1}\n".repeat(999) + "broken\n" + "{\"n\":2}\n".repeat(999);
		List<JsonNode> receipts = postLines(body, null);
		JsonNode last = receipts.get(receipts.size() - 1);
		assertThat(last.get("confirmed").asInt()).isEqualTo(999);
		assertThat(last.get("problem").get("status").asInt()).isEqualTo(400);
		assertThat(last.get("problem").get("line").asInt()).isEqualTo(1000);
		assertThat(last.get("problem").get("detail").asString()).contains("not valid JSON");
		assertThat(arrived(999)).hasSize(999);
	}

	@Test
	void lineThatIsTooLongShouldEndItAndSayWhichLine() {
		List<JsonNode> receipts = postLines("1\n2\n\"" + "x".repeat(1024 * 1024) + "\"\n4\n", null);
		assertThat(receipts).hasSize(1);
		assertThat(receipts.get(0).get("confirmed").asInt()).isEqualTo(2);
		assertThat(receipts.get(0).get("problem").get("status").asInt()).isEqualTo(413);
		assertThat(receipts.get(0).get("problem").get("line").asInt()).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", " \r\n\n" })
	void bodyWithoutALineShouldBeRefused(String body) {
		refused(HttpStatus.BAD_REQUEST, "application/x-ndjson", body.getBytes(StandardCharsets.UTF_8), "No line");
	}

	@Test
	void messageThatNoQueueTakesShouldBeUnavailableAndComeThroughWhenTheQueueIsBack() {
		this.amqp.deleteQueue("hello");
		EntityExchangeResult<byte[]> answer = this.client.post()
			.uri("/messages")
			.contentType(MediaType.TEXT_PLAIN)
			.bodyValue("lost?")
			.exchange()
			.expectBody()
			.returnResult();
		assertThat(answer.getStatus()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(answer.getResponseHeaders().getFirst("Retry-After")).isNotNull();
		assertThat(this.json.readTree(answer.getResponseBody()).get("detail").asString()).contains("not published");
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.client.post()
				.uri("/messages")
				.contentType(MediaType.TEXT_PLAIN)
				.bodyValue("back")
				.exchange()
				.expectBody()
				.returnResult()
				.getStatus() == HttpStatus.ACCEPTED);
		assertThat(arrived(1).get(0).get("body").asString()).isEqualTo("back");
	}

	private JsonNode post(String type, byte[] body) {
		return this.json.readTree(this.client.post()
			.uri("/messages")
			.header("Content-Type", type)
			.bodyValue(body)
			.exchange()
			.expectStatus()
			.isAccepted()
			.expectBody()
			.returnResult()
			.getResponseBody());
	}

	private void refused(HttpStatus status, String type, byte[] body, String reason) {
		EntityExchangeResult<byte[]> answer = this.client.post()
			.uri("/messages")
			.header("Content-Type", type)
			.bodyValue(body)
			.exchange()
			.expectBody()
			.returnResult();
		assertThat(answer.getStatus()).isEqualTo(status);
		assertThat(answer.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(this.json.readTree(answer.getResponseBody()).get("detail").asString()).contains(reason);
	}

	private EntityExchangeResult<byte[]> withKey(String key, String type) {
		return this.client.post()
			.uri("/messages")
			.header("Content-Type", type)
			.header("Idempotency-Key", key)
			.bodyValue("1".getBytes(StandardCharsets.UTF_8))
			.exchange()
			.expectBody()
			.returnResult();
	}

	private List<JsonNode> postLines(String body, String key) {
		return this.client.post().uri("/messages").contentType(NDJSON).headers((headers) -> {
			if (key != null) {
				headers.set("Idempotency-Key", key);
			}
		})
			.bodyValue(body.getBytes(StandardCharsets.UTF_8))
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(NDJSON)
			.returnResult(String.class)
			.getResponseBody()
			.map(this.json::readTree)
			.collectList()
			.block(Duration.ofSeconds(30));
	}

	private List<JsonNode> arrived(int count) {
		List<JsonNode> entries = new ArrayList<>();
		String[] after = { this.before };
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
			JsonNode page = page("?limit=1000&after=" + after[0]);
			page.get("entries").forEach(entries::add);
			after[0] = page.get("next").asString();
			return entries.size() >= count;
		});
		return entries;
	}

	private JsonNode page(String query) {
		return this.json.readTree(this.client.mutate()
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(16 * 1024 * 1024))
			.build()
			.get()
			.uri("/messages" + query)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody());
	}

}
