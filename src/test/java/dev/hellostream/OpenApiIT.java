package dev.hellostream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import dev.hellostream.testing.ApiConformance;
import dev.hellostream.testing.ApiDescription;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.ChildProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.FaultProxy;
import dev.hellostream.testing.MessagesApi;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The description is complete and exact: every response in it occurs, and no other.
 */
@Tag("slow")
@Timeout(180)
class OpenApiIT {

	private static final List<String> HEALTH_TYPES = List.of("application/json",
			"application/vnd.spring-boot.actuator.v2+json", "application/vnd.spring-boot.actuator.v3+json");

	private static final String EVENTS = "text/event-stream";

	private static final String LINES = "application/x-ndjson";

	private static final String TEXT = "text/plain";

	private static final int RETAINED = 2000;

	private static final int STREAMS = 3;

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@AutoClose
	private final ApplicationProcess application = ApplicationProcess.startPackaged(
			"--hello-stream.sse.max-subscribers=" + STREAMS, "--hello-stream.sse.max-subscribers-per-address=1",
			"--hello-stream.log.max-entries=" + RETAINED, "--hello-stream.publish.read-timeout=2s",
			"--hello-stream.hello.delay=50ms", "--server.forward-headers-strategy=native");

	private final MessagesApi api = new MessagesApi(this.application);

	private final ApiDescription description;

	private final ApiConformance conformance;

	OpenApiIT() throws IOException {
		this.description = ApiDescription.parse(this.api.send("GET", "/openapi.yaml", null).body());
		this.conformance = new ApiConformance(this.description);
	}

	@Test
	void responsesShouldBeThoseDescribed() throws Exception {
		fanOut();
		publishing();
		reading();
		documentsAndOperations();
		badRequests();
		guarded();
		limited();
		withoutBroker();
		withoutConfirms();
		whileItEnds();
		assertThat(this.conformance.seen()).containsAll(this.description.responses());
	}

	private void fanOut() throws IOException {
		for (String type : List.of("application/json", TEXT, EVENTS)) {
			get(200, "/hello", "Accept", type);
		}
		get(204, "/hello", "Accept", EVENTS, "Last-Event-ID", "done");
		for (String method : List.of("GET", "HEAD")) {
			call(200, method, "/hello", null);
			call(400, method, "/hello", null, "Accept", "nonsense");
			call(406, method, "/hello", null, "Accept", "image/png");
		}
	}

	private void publishing() throws IOException {
		post(202, "Hello World", TEXT);
		post(202, "{\"n\":1}", "application/json");
		post(202, "{\"@id\":\"urn:n:1\"}", "application/ld+json");
		post(202, "\u00ff", "application/octet-stream");
		post(200, "1\n2\n", LINES);
		post(200, "1\n{\n", LINES);
		post(400, "", TEXT);
		post(413, "x".repeat(1024 * 1024 + 1), TEXT);
		post(415, "x", "image/png");
		post(415, "x", "text/plain;charset=utf-16");
	}

	private void reading() throws Exception {
		String first = Awaitility.await()
			.until(() -> get(200, "/messages?after=first&limit=1").body(), (page) -> page.contains("Hello World"));
		String id = first.replaceAll("(?s).*\"next\":\"([^\"]+)\".*", "$1");
		get(200, "/messages/" + id);
		get(400, "/messages/" + id, "Accept", "nonsense");
		get(404, "/messages/42.c01dcafe");
		get(406, "/messages/" + id, "Accept", TEXT);
		get(406, "/messages", "Accept", "image/png");
		get(400, "/messages?limit=0");
		call(200, "HEAD", "/messages", null);
		watch("/messages?after=first", EVENTS, "Hello World");
		watch("/messages?after=first", LINES, "Hello World");
		watch("/messages?after=first", TEXT, "  Hello World");
		watch("/messages", EVENTS, "event: gap", "Last-Event-ID", "nonsense");
		watch("/messages", LINES, "{\"gap\"", "Last-Event-ID", "nonsense");
		post(200, "1\n".repeat(RETAINED * 2), LINES);
		Awaitility.await().until(() -> this.api.send("GET", "/messages/" + id, null).statusCode() == 410);
		get(410, "/messages/" + id);
		get(200, "/messages?after=" + id);
	}

	private void documentsAndOperations() throws IOException {
		get(200, "/");
		get(200, "/openapi.yaml");
		get(200, "/openapi.yaml", "Accept", "text/html,*/*;q=0.8");
		get(400, "/openapi.yaml", "Accept", "foo");
		call(200, "HEAD", "/", null);
		for (String type : HEALTH_TYPES) {
			get(200, "/actuator", "Accept", type);
			get(200, "/actuator/health", "Accept", type);
			for (String group : List.of("liveness", "readiness", "broker")) {
				get(200, "/actuator/health/" + group, "Accept", type);
			}
		}
		for (String type : List.of(TEXT, "application/openmetrics-text", "application/vnd.google.protobuf")) {
			get(200, "/actuator/prometheus", "Accept", type);
		}
		get(404, "/actuator/health/nonsense");
		for (String path : List.of("/actuator", "/actuator/health", "/actuator/health/broker",
				"/actuator/prometheus")) {
			get(406, path, "Accept", "image/png");
		}
		for (String path : List.of("/", "/hello", "/openapi.yaml", "/messages", "/messages/42.c01dcafe", "/actuator",
				"/actuator/health", "/actuator/prometheus")) {
			call(405, "DELETE", path, null);
		}
	}

	private void badRequests() throws IOException {
		for (Arguments arguments : BadRequestIT.answerWhenRequestIsBadShouldBeAProblemThatSaysWhatToDo().toList()) {
			BadRequestIT.Call call = (BadRequestIT.Call) arguments.get()[1];
			call(call.status(), call.method(), call.path(), call.body(), call.headers());
		}
	}

	private void guarded() throws IOException {
		for (String name : this.description.responses()) {
			String[] operation = name.split(" +", -1);
			String path = operation[1].replace("{position}", "42.c01dcafe").replace("{group}", "broker");
			raw(403, operation[0], path, "Host: localhost", "Sec-Fetch-Site: cross-site");
			raw(421, operation[0], path, "Host: stream.example.org");
			raw(400, operation[0], path, "Host: ");
		}
	}

	private void limited() throws IOException {
		raw(408, "POST", "/messages", "Host: localhost", "Content-Type: text/plain", "Content-Length: 10");
		raw(414, "GET", "/" + "x".repeat(8_000), "Host: localhost");
		raw(431, "GET", "/", "Host: localhost", "X-Large: " + "x".repeat(10_000));
		String address = "X-Forwarded-For: 192.0.2.7";
		try (EventStream stream = EventStream.open(this.application.uri("/messages"), address)) {
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			String[] headers = address.split(": ", 2);
			get(429, "/messages", "Accept", LINES, headers[0], headers[1]);
			assertThat(get(200, "/messages", "Accept", EVENTS, headers[0], headers[1]).body())
				.matches("retry: \\d+\n\n");
		}
	}

	private void withoutBroker() throws IOException {
		// The fan-out's timeout is 1 ns longer than its tasks, which begin later.
		String[] arguments = BrokerAddress.unused().applicationArguments();
		try (ApplicationProcess process = ApplicationProcess.start(arguments[0], arguments[1], arguments[2],
				"--hello-stream.hello.delay=20ms", "--hello-stream.hello.timeout=PT0.020000001S")) {
			MessagesApi alone = new MessagesApi(process);
			for (String type : HEALTH_TYPES) {
				call(alone, 503, "GET", "/actuator/health/broker", null, "Accept", type);
			}
			// Lines are refused at once for a moment after each failed connection
			// attempt.
			HttpResponse<String> refused = Awaitility.await("lines are refused").until(() -> {
				call(alone, 503, "POST", "/messages", new byte[] { 'x' }, "Content-Type", TEXT);
				return alone.send("POST", "/messages", new byte[] { '1' }, "Content-Type", LINES);
			}, (response) -> response.statusCode() == 503);
			this.conformance.check("POST", "/messages", 503, refused.headers(), refused.body());
			call(alone, 503, "GET", "/messages", null);
			call(alone, 503, "GET", "/messages/42.c01dcafe", null);
			for (String type : List.of("application/json", TEXT, EVENTS)) {
				Awaitility.await("late as " + type)
					.pollInterval(Duration.ofMillis(10))
					.until(() -> alone.send("GET", "/hello", null, "Accept", type), (response) -> {
						this.conformance.check("GET", "/hello", response.statusCode(), response.headers(),
								response.body());
						return response.body().contains("Gateway Timeout");
					});
			}
		}
	}

	private void withoutConfirms() throws IOException {
		try (FaultProxy proxy = new FaultProxy(this.application.broker().port())) {
			String[] arguments = new BrokerAddress(proxy.port(), "/").applicationArguments();
			try (ApplicationProcess process = ApplicationProcess.start(arguments[0], arguments[1], arguments[2],
					"--hello-stream.log.store=memory", "--hello-stream.publish.confirm-timeout=1s")) {
				MessagesApi stalled = new MessagesApi(process);
				call(stalled, 202, "POST", "/messages", new byte[] { 'x' }, "Content-Type", TEXT);
				proxy.stall();
				call(stalled, 504, "POST", "/messages", new byte[] { 'x' }, "Content-Type", TEXT);
				proxy.heal();
			}
		}
	}

	/** Check the responses during the end, which a stuck live stream delays. */
	private void whileItEnds() throws Exception {
		byte[] large = new byte[1024 * 1024];
		for (int i = 0; i < 16; i++) {
			call(202, "POST", "/messages", large, "Content-Type", "application/octet-stream");
		}
		URI uri = this.application.uri("/messages");
		String request = "GET /messages?after=first HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\nAccept: " + EVENTS
				+ "\r\n\r\n";
		try (Socket stuck = open(uri, request); Socket second = open(uri, request); Socket third = open(uri, request)) {
			assertThat(List.of(stuck.isConnected(), second.isConnected(), third.isConnected())).hasSize(STREAMS);
			get(503, "/messages", "Accept", LINES);
			assertThat(get(200, "/messages", "Accept", EVENTS).body()).matches("retry: \\d+\n\n");
			awaitNothingSent();
			CompletableFuture<ChildProcess.Exit> ending = CompletableFuture.supplyAsync(this.application::terminate);
			Awaitility.await()
				.pollInterval(Duration.ofMillis(20))
				.until(() -> this.api.send("GET", "/actuator/health/readiness", null).statusCode() == 503);
			for (String type : HEALTH_TYPES) {
				get(503, "/actuator/health/readiness", "Accept", type);
				get(503, "/actuator/health", "Accept", type);
			}
			assertThat(ending.get().code()).isEqualTo(128 + 15);
		}
	}

	/** Wait until no more bytes are sent: only then are the live streams stuck. */
	private void awaitNothingSent() {
		AtomicReference<Double> before = new AtomicReference<>(0.0);
		Awaitility.await()
			.pollInterval(Duration.ofMillis(500))
			.until(() -> this.application.metric("hello_stream_sse_sent_bytes_total"),
					(sent) -> sent.equals(before.getAndSet(sent)));
	}

	/** Send a request that no client would send. */
	private void raw(int status, String method, String target, String... headers) throws IOException {
		URI uri = this.application.uri("/");
		String request = method + " " + target + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
		try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			InputStream input = socket.getInputStream();
			StringBuilder head = new StringBuilder();
			while (head.indexOf("\r\n\r\n") < 0) {
				head.append((char) input.read());
			}
			HttpHeaders received = HttpHeaders.of(head.toString()
				.lines()
				.filter((line) -> line.contains(": "))
				.map((line) -> line.split(": ", 2))
				.collect(Collectors.groupingBy((field) -> field[0],
						Collectors.mapping((field) -> field[1], Collectors.toList()))),
					(name, value) -> true);
			int length = method.equals("HEAD") ? 0 : (int) received.firstValueAsLong("Content-Length").orElse(0);
			String body = new String(input.readNBytes(length), StandardCharsets.UTF_8);
			assertThat(head).as(request).startsWith("HTTP/1.1 " + status);
			if (status == 414 || status == 431) {
				this.conformance.checkProblem(status, received, body);
			}
			else {
				this.conformance.check(method, target, status, received, body);
			}
		}
	}

	private static Socket open(URI uri, String request) throws IOException {
		Socket socket = new Socket(uri.getHost(), uri.getPort());
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		assertThat(socket.getInputStream().read()).isEqualTo('H');
		return socket;
	}

	/** Read a live stream up to the first item with a given text, then disconnect. */
	private void watch(String path, String type, String until, String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.application.uri(path)).header("Accept", type);
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		HttpResponse<InputStream> response = HTTP.send(request.build(), BodyHandlers.ofInputStream());
		StringBuilder body = new StringBuilder();
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
			boolean found = false;
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				body.append(line).append('\n');
				found |= line.contains(until);
				if (found && (type.equals(LINES) || line.isEmpty())) {
					break;
				}
			}
		}
		assertThat(body).contains(until);
		this.conformance.check("GET", path, response.statusCode(), response.headers(), body.toString());
	}

	private void post(int status, String latin1, String type) throws IOException {
		call(status, "POST", "/messages", latin1.getBytes(StandardCharsets.ISO_8859_1), "Content-Type", type);
	}

	private HttpResponse<String> get(int status, String path, String... headers) throws IOException {
		return call(status, "GET", path, null, headers);
	}

	private HttpResponse<String> call(int status, String method, String path, byte[] body, String... headers)
			throws IOException {
		return call(this.api, status, method, path, body, headers);
	}

	private HttpResponse<String> call(MessagesApi server, int status, String method, String path, byte[] body,
			String... headers) throws IOException {
		HttpResponse<String> response = server.send(method, path, body, headers);
		assertThat(response.statusCode()).as("%s %s: %s", method, path, response.body()).isEqualTo(status);
		this.conformance.check(method, path, response.statusCode(), response.headers(), response.body());
		return response;
	}

}
