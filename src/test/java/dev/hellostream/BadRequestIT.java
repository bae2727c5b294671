package dev.hellostream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.EventStream.Frame;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RawConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The responses to bad requests: a problem document that names the next step, or a
 * documented event.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestIT {

	private static final int MAX_SIZE = 1024 * 1024;

	private static final int RETAINED = 2000;

	/** More messages than the log retains. */
	private static final int FLOOD = 10_000;

	private static final JsonMapper JSON = new JsonMapper();

	@AutoClose
	private final ApplicationProcess application = ApplicationProcess
		.start("--hello-stream.log.max-entries=" + RETAINED);

	private final MessagesApi api = new MessagesApi(this.application);

	@AfterAll
	void nothingWasLoggedAsAFailure() {
		assertThat(this.application.output()).doesNotContain(" ERROR ").doesNotContain("\tat ").doesNotContain("LEAK");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void answerWhenRequestIsBadShouldBeAProblemThatSaysWhatToDo(String name, Call call) throws IOException {
		HttpResponse<String> response = this.api.send(call.method(), call.path(), call.body(), call.headers());
		assertProblem(name, response, call.status());
	}

	static Stream<Arguments> answerWhenRequestIsBadShouldBeAProblemThatSaysWhatToDo() {
		String longKey = "k".repeat(256);
		Map<String, Call> calls = new LinkedHashMap<>();
		calls.put("empty body", post(400, "", "Content-Type", "text/plain"));
		calls.put("empty JSON", post(400, "", "Content-Type", "application/json"));
		calls.put("no content type", post(415, "hi"));
		calls.put("a form with parts", post(415, "hi", "Content-Type", "multipart/form-data;boundary=a"));
		calls.put("an empty form", post(400, "", "Content-Type", "application/x-www-form-urlencoded"));
		calls.put("an image", post(415, "hi", "Content-Type", "image/png"));
		calls.put("nonsense as content type", post(415, "hi", "Content-Type", "nonsense"));
		calls.put("invalid UTF-8 in text", post(400, "\u00ff\u00fe", "Content-Type", "text/plain"));
		calls.put("invalid UTF-8 in JSON", post(400, "\"\u00ff\"", "Content-Type", "application/json"));
		calls.put("truncated JSON", post(400, "{\"a\":", "Content-Type", "application/json"));
		calls.put("two JSON values", post(400, "1 2", "Content-Type", "application/json"));
		calls.put("invalid JSON of another JSON type", post(400, "{", "Content-Type", "application/ld+json"));
		calls.put("JSON nested too deep", post(400, "[".repeat(100_000), "Content-Type", "application/json"));
		calls.put("key of 256 bytes", post(400, "hi", "Content-Type", "text/plain", "Idempotency-Key", longKey));
		calls.put("an empty key", post(400, "hi", "Content-Type", "text/plain", "Idempotency-Key", ""));
		calls.put("a query with POST",
				new Call("POST", "/messages?key=1", new byte[] { 'x' }, 400, "Content-Type", "text/plain"));
		for (String accept : List.of("application/json", "text/event-stream", "application/x-ndjson")) {
			calls.put("unknown parameter for " + accept, get(400, "/messages?limit=1&lmit=2", "Accept", accept));
		}
		calls.put("unknown path", new Call("GET", "/nowhere", null, 404));
		calls.put("unknown path below", new Call("GET", "/messages/1/2", null, 404));
		calls.put("unknown component of health", get(404, "/actuator/health/nonsense"));
		calls.put("DELETE", new Call("DELETE", "/messages", null, 405));
		calls.put("PUT", new Call("PUT", "/messages", new byte[] { 'x' }, 405, "Content-Type", "text/plain"));
		calls.put("unknown parameter of the fan-out", get(400, "/hello?x=1"));
		calls.put("unknown parameter of an entry", get(400, "/messages/1.00000000?x=1"));
		calls.put("POST to the fan-out", new Call("POST", "/hello", new byte[] { 'x' }, 405));
		calls.put("an Accept that cannot be served", get(406, "/messages", "Accept", "image/png"));
		calls.put("an Accept that cannot be read", get(400, "/messages", "Accept", "nonsense"));
		calls.put("an Accept with too many types",
				get(400, "/messages", "Accept", "a/b, ".repeat(50) + "application/json"));
		calls.put("an Accept that cannot be read at an unknown path", get(404, "/nowhere", "Accept", "nonsense"));
		calls.put("an Accept that cannot be read at the actuator", get(400, "/actuator", "Accept", "nonsense"));
		calls.put("DELETE of an entry", new Call("DELETE", "/messages/1.00000000", null, 405, "Accept", "nonsense"));
		for (String after : List.of("nonsense", "-1", "1", "1.", "1.xyz", "1.0000000", "99999999999999999999.00000000",
				"01.00000000", "1.00000000%0A", "", "%00")) {
			calls.put("after=" + after, get(400, "/messages?after=" + after));
			calls.put("stream after=" + after, get(400, "/messages?after=" + after, "Accept", "text/event-stream"));
		}
		for (String limit : List.of("0", "-1", "1001", "many", "", "99999999999999999999")) {
			calls.put("limit=" + limit, get(400, "/messages?limit=" + limit));
		}
		calls.put("an entry that never was", get(404, "/messages/999999.00000000"));
		return calls.entrySet().stream().map((call) -> Arguments.of(call.getKey(), call.getValue()));
	}

	@Test
	void postWhenItCannotBeTakenShouldShowACurlLineForTheAddressThatWasAsked() throws IOException {
		URI root = this.application.uri("/");
		for (String type : List.of("text/plain", "image/png", "nonsense")) {
			for (String host : List.of("127.0.0.1:" + root.getPort(), "hello.localhost", "[::1]:1")) {
				assertThat(RawConnection.exchange(root, "POST /messages HTTP/1.1", "Host: " + host,
						"Content-Type: " + type, "Content-Length: 0"))
					.contains("curl -d 'Hello' http://" + host + "/messages")
					.doesNotContain("8080");
			}
		}
	}

	@Test
	void readWhenQueryHasAnUnknownParameterShouldNameThoseThatThereAre() throws IOException {
		assertThat(this.api.send("GET", "/messages?lmit=2", null).body()).contains("after", "limit")
			.doesNotContain("lmit=");
	}

	@Test
	void postWhenMethodIsWrongShouldSayWhichAreAllowed() throws IOException {
		assertThat(this.api.send("DELETE", "/messages", null).headers().allValues("Allow")).asString()
			.contains("GET")
			.contains("POST");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void postWhenBodyIsOverTheLimitShouldBeRefused(boolean chunked) throws Exception {
		byte[] body = new byte[MAX_SIZE + 1];
		HttpRequest request = HttpRequest.newBuilder(this.application.uri("/messages"))
			.header("Content-Type", "application/octet-stream")
			.POST(chunked ? HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
					: HttpRequest.BodyPublishers.ofByteArray(body))
			.build();
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
		assertProblem("too large", response, 413);
		assertThat(response.body()).contains("1 MB (1,048,576 bytes)");
	}

	@Test
	void postWhenBodyIsAtTheLimitShouldBeTaken() throws IOException {
		byte[] body = new byte[MAX_SIZE];
		HttpResponse<String> response = this.api.send("POST", "/messages", body, "Content-Type",
				"application/octet-stream");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		assertThat(awaitEntry(response).bytes()).isEqualTo(body);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "line\nline\r\nline\r\rdata: x\n\nevent: gap\ndata: {}\n\n", "a\u0000b", "\u2028\u2029\u0085",
					"\uFEFFmark", "\uFFFD", "</script><img src=x onerror=alert(1)>", "\u001b[31mred", " " })
	void postWhenTextIsStrangeShouldComeBackAsItWas(String text) throws IOException {
		HttpResponse<String> response = this.api.post(text);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		assertThat(new String(awaitEntry(response).bytes(), StandardCharsets.UTF_8)).isEqualTo(text);
	}

	@Test
	void postWhenThousandthLineIsBrokenShouldHaveTakenThoseBefore() throws IOException {
		String lines = IntStream.rangeClosed(1, 1500)
			.mapToObj((number) -> (number != 1000) ? "{\"broken\":" + number + "}" : "{\"broken\":")
			.collect(Collectors.joining("\n"));
		HttpResponse<String> response = this.api.send("POST", "/messages", lines.getBytes(StandardCharsets.UTF_8),
				"Content-Type", "application/x-ndjson");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode end = JSON.readTree(response.body().lines().reduce((first, second) -> second).orElseThrow());
		assertThat(end.path("confirmed").asInt()).isEqualTo(999);
		assertThat(end.path("problem").path("line").asInt()).isEqualTo(1000);
		assertThat(end.path("problem").path("status").asInt()).isEqualTo(400);
		assertThat(end.path("problem").path("detail").asString()).isNotBlank();
		List<String> taken = IntStream.range(1, 1000).mapToObj((number) -> "{\"broken\":" + number + "}").toList();
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.api.all().stream().map(Entry::body))
				.filteredOn((body) -> body.startsWith("{\"broken\""))
				.startsWith(taken.toArray(String[]::new)));
	}

	@Test
	void readWhenEntryHasGoneShouldSayGoneAndGap() throws IOException {
		Entry gone = awaitEntry(this.api.post("soon gone"));
		this.api.send("POST", "/messages", "1\n".repeat(FLOOD).getBytes(StandardCharsets.UTF_8), "Content-Type",
				"application/x-ndjson");
		awaitEntry(this.api.post("the flood is over"));
		assertProblem("gone", this.api.send("GET", "/messages/" + gone.id(), null), 410);
		assertThat(this.api.page("?after=" + gone.id()).gap()).containsEntry("asked", gone.id()).containsKey("first");
		try (EventStream stream = EventStream.open(this.application.uri("/messages"), "Last-Event-ID: " + gone.id())) {
			assertGap(stream, gone.id());
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "nonsense", "-1", "7", "1.XYZ", "99999999999999999999.00000000", "\"; drop", "\u00ff\u00fe" })
	void streamWhenLastEventIdIsNonsenseShouldTellOfAGap(String id) throws IOException {
		try (EventStream stream = EventStream.open(this.application.uri("/messages"), "Last-Event-ID: " + id)) {
			assertThat(stream.head().get(0)).isEqualTo("HTTP/1.1 200 OK");
			Frame gap = assertGap(stream, null);
			assertThat(JSON.readTree(gap.data()).path("asked").asString()).isNotEmpty();
		}
	}

	@Test
	void streamWhenPositionIsAheadShouldTellOfAGapInTime() throws IOException {
		try (EventStream stream = EventStream.open(this.application.uri("/messages"),
				"Last-Event-ID: 999999.00000000")) {
			assertGap(stream, "999999.00000000");
		}
		assertThat(this.api.page("?after=999999.00000000").gap()).containsEntry("asked", "999999.00000000");
	}

	private Frame assertGap(EventStream stream, String asked) throws IOException {
		Frame start = stream.nextEvent();
		assertThat(start.event()).isEqualTo("start");
		Frame gap = stream.nextEvent();
		assertThat(gap.event()).isEqualTo("gap");
		assertThat(gap.id()).isNull();
		if (asked != null) {
			assertThat(JSON.readTree(gap.data()).path("asked").asString()).isEqualTo(asked);
		}
		return gap;
	}

	private Entry awaitEntry(HttpResponse<String> accepted) {
		String messageId = JSON.readTree(accepted.body()).path("messageId").asString();
		assertThat(messageId).isNotBlank();
		return Awaitility.await()
			.until(() -> this.api.page("?limit=10")
				.entries()
				.stream()
				.filter((entry) -> messageId.equals(entry.messageId()))
				.findFirst()
				.orElse(null), (entry) -> entry != null);
	}

	private static void assertProblem(String name, HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).as("%s: %s", name, response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		JsonNode problem = JSON.readTree(response.body());
		assertThat(problem.path("status").asInt()).isEqualTo(status);
		assertThat(problem.path("detail").asString()).isNotBlank()
			.doesNotContain("Exception")
			.doesNotContain("org.springframework")
			.doesNotContain("tools.jackson");
		assertThat(response.body()).doesNotContain("\\tat ").doesNotContain("\"trace\"");
	}

	private static Call post(int status, String latin1, String... headers) {
		return new Call("POST", "/messages", latin1.getBytes(StandardCharsets.ISO_8859_1), status, headers);
	}

	private static Call get(int status, String path, String... headers) {
		return new Call("GET", path, null, status, headers);
	}

	/**
	 * A request and its expected status.
	 *
	 * @param method the method
	 * @param path path and query
	 * @param body the body
	 * @param status the status
	 * @param headers alternating names and values
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Call(String method, String path, byte[] body, int status, String... headers) {

	}

}
