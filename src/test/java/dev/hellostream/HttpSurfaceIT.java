package dev.hellostream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.Exposition;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RawConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bytes that no HTTP client would send, and clients that never finish: each is answered
 * or disconnected within the limits, and other clients are served meanwhile.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpSurfaceIT {

	private static final int CONNECTIONS = 60;

	private static final String SUBSCRIBERS = "hello_stream_sse_subscribers";

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String HOST = "Host: localhost\r\n";

	private static final String POST = "POST /messages HTTP/1.1\r\n" + HOST + "Content-Type: text/plain\r\n";

	private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

	private static final String SECOND = "GET /actuator/health/liveness HTTP/1.1\r\n" + HOST + "\r\n";

	@AutoClose
	private final ApplicationProcess application = ApplicationProcess.start("-Xmx192m",
			"-Dio.netty.leakDetection.level=paranoid", "--hello-stream.web.header-timeout=1s",
			"--hello-stream.web.response-timeout=1s", "--hello-stream.publish.read-timeout=1s",
			"--hello-stream.web.max-connections=" + CONNECTIONS, "--hello-stream.web.max-headers=50",
			"--hello-stream.sse.max-page-size=1500", "--hello-stream.sse.max-catch-ups=1",
			"--hello-stream.publish.max-lines=1");

	private final URI root = this.application.uri("/");

	private final MessagesApi api = new MessagesApi(this.application);

	@AfterEach
	void othersShouldBeServed() throws IOException {
		assertThat(this.api.page("").entries()).isNotNull();
	}

	@AfterAll
	void nothingShouldBeLoggedAsAFailure() {
		assertThat(this.application.output()).doesNotContain(" ERROR ").doesNotContain("\tat ").doesNotContain("LEAK");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void bytesThatAreNoRequestShouldBeRefusedAndNothingBehindThemBeAnswered(String name, String bytes, int status)
			throws IOException {
		double before = refusals();
		int messages = this.api.all().size();
		try (RawConnection connection = new RawConnection(this.root)) {
			connection.send(bytes).awaitEnd(PATIENCE);
			assertThat(connection.statuses()).containsExactly(status);
			assertThat(connection.received()).contains("application/problem+json", "X-Content-Type-Options: nosniff");
		}
		assertThat(refusals() - before).isEqualTo(1);
		assertThat(this.api.all()).hasSize(messages);
	}

	static Stream<Arguments> bytesThatAreNoRequestShouldBeRefusedAndNothingBehindThemBeAnswered() {
		return Stream.of(Arguments.of("no HTTP", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n", 400),
				Arguments.of("length and chunks",
						POST + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND, 400),
				Arguments.of("chunks and length",
						POST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + SECOND, 400),
				Arguments.of("an encoding that is none", POST + "Transfer-Encoding: xchunked\r\n\r\nabc" + SECOND, 400),
				Arguments.of("chunks that are not last", POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
						400),
				Arguments.of("two lengths", POST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd" + SECOND, 400),
				Arguments.of("a signed length", POST + "Content-Length: +3\r\n\r\nabc" + SECOND, 400),
				Arguments.of("a negative length", POST + "Content-Length: -1\r\n\r\nabc" + SECOND, 400),
				Arguments.of("space before a colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n" + SECOND, 400),
				Arguments.of("NUL in a header", "GET / HTTP/1.1\r\n" + HOST + "X: a\u0000b\r\n\r\n" + SECOND, 400),
				Arguments.of("a chunk without a size", CHUNKED + "zz\r\nabc\r\n0\r\n\r\n" + SECOND, 400),
				Arguments.of("a chunk of negative size", CHUNKED + "-3\r\nabc\r\n0\r\n\r\n" + SECOND, 400),
				Arguments.of("a chunk of endless size", CHUNKED + "ffffffffff\r\nabc\r\n0\r\n\r\n" + SECOND, 400),
				Arguments.of("a chunk that goes on", CHUNKED + "3\r\nabcd\r\n0\r\n\r\n" + SECOND, 400),
				Arguments.of("a long first line", "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
				Arguments.of("a huge header", "GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(9_000) + "\r\n\r\n",
						431),
				Arguments.of("many headers", "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(50) + "\r\n", 431));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void requestThatTricklesShouldBeCutOff(String name, String begin, String piece, String reason,
			List<Integer> statuses) throws IOException {
		double before = refusals(reason);
		try (RawConnection connection = new RawConnection(this.root)) {
			connection.send(begin).trickleUntilEnd(piece, PATIENCE);
			assertThat(connection.statuses()).isEqualTo(statuses);
		}
		// The rest of a body that was late does not end, either, and can count again.
		assertThat(refusals(reason) - before).isBetween(1.0, 2.0);
	}

	static Stream<Arguments> requestThatTricklesShouldBeCutOff() {
		String lines = "POST /messages HTTP/1.1\r\n" + HOST + "Content-Type: application/x-ndjson\r\n";
		return Stream.of(Arguments.of("half a head", "GET / HTTP/1.1\r\nHost: lo", "", "header-timeout", List.of()),
				Arguments.of("a head without end", "GET / HTTP/1.1\r\n", "X: a\r\n", "header-timeout", List.of()),
				Arguments.of("a head behind another", SECOND + "GET / HT", "T", "header-timeout", List.of(200)),
				Arguments.of("a body", POST + "Content-Length: 500\r\n\r\n", "b", "body-timeout", List.of(408)),
				Arguments.of("a line", lines + "Content-Length: 500\r\n\r\n1\n", "2", "body-timeout", List.of(200)),
				Arguments.of("a body that nobody reads",
						"POST /hello HTTP/1.1\r\n" + HOST + "Content-Length: 500\r\n\r\n", "b", "body-timeout",
						List.of(405)),
				Arguments.of("a body that is refused",
						"POST /messages HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 500\r\n\r\n", "b",
						"body-timeout", List.of(421)));
	}

	@Test
	void linesThatPauseShorterThanTheLimitShouldNotBeCutOff() throws IOException {
		try (RawConnection connection = new RawConnection(this.root)) {
			connection.send("POST /messages HTTP/1.1\r\n" + HOST
					+ "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
			for (int line = 1; line <= 30; line++) {
				connection.send("2\r\n1\n\r\n");
				Awaitility.await().pollDelay(Duration.ofMillis(100)).until(() -> true);
			}
			connection.send("0\r\n\r\n").awaitEnd(PATIENCE);
			assertThat(connection.received()).contains("{\"confirmed\":30}").doesNotContain("problem");
		}
	}

	@Test
	void responseThatNobodyTakesShouldBeCutOff() throws IOException {
		publishLarge(6, 1_000_000, "taken");
		try (RawConnection connection = new RawConnection(this.root, 4_096)) {
			connection.send("GET /messages?limit=7 HTTP/1.1\r\n" + HOST + "\r\n");
			Awaitility.await().atMost(PATIENCE).until(() -> refusals("response-timeout") == 1);
		}
	}

	@Test
	void requestsInOnePacketShouldBeAnsweredInOrder() throws IOException {
		try (RawConnection connection = new RawConnection(this.root)) {
			connection.send(("GET /nowhere HTTP/1.1\r\n" + HOST + "\r\n" + SECOND).repeat(50));
			connection.awaitResponses(100, PATIENCE);
			assertThat(connection.statuses()).startsWith(404, 200, 404, 200).hasSize(100);
		}
	}

	@Test
	void requestsWithoutEndInOnePacketShouldBeCutOff() throws IOException {
		try (RawConnection connection = new RawConnection(this.root)) {
			connection.send(SECOND.repeat(5_000)).awaitEnd(PATIENCE);
			assertThat(connection.statuses()).hasSizeLessThan(5_000);
		}
		catch (SocketException ex) {
			// The server closed the connection before everything was sent.
			assertThat(ex).hasMessageMatching("(?i).*(reset|pipe).*");
		}
	}

	@Test
	void connectionOverTheLimitShouldBeClosedAndLiveStreamsGoOn() throws IOException {
		List<RawConnection> connections = new ArrayList<>();
		try (EventStream stream = EventStream.open(this.root.resolve("/messages"))) {
			stream.nextEvent();
			assertThat(this.api.post("before").statusCode()).isEqualTo(202);
			RawConnection last;
			do {
				last = new RawConnection(this.root);
				connections.add(last);
				last.send(SECOND).awaitResponseOrEnd(PATIENCE);
			}
			while (last.statuses().equals(List.of(200)) && connections.size() < CONNECTIONS);
			assertThat(last.received()).isEmpty();
			readUntil(stream, "before");
		}
		finally {
			for (RawConnection connection : connections) {
				connection.close();
			}
		}
		Awaitility.await().ignoreException(IOException.class).until(() -> refusals("connections") >= 1);
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.application.metric("hello_stream_web_connections")).isLessThan(10));
	}

	@Test
	void pageOverTheLimitShouldBeRefused() throws IOException {
		double before = refusals("page-size");
		assertThat(this.api.send("GET", "/messages?limit=1501", null).body()).contains("from 1 to 1500");
		assertThat(this.api.send("GET", "/messages?limit=1500", null).statusCode()).isEqualTo(200);
		assertThat(refusals("page-size") - before).isEqualTo(1);
	}

	@Test
	void jsonShouldEndWithALineEnd() throws IOException {
		HttpResponse<String> receipt = this.api.post("its receipt has a line end");
		Awaitility.await().until(() -> !this.api.page("").entries().isEmpty());
		String entry = "/messages/" + this.api.page("?limit=1").next();
		assertThat(receipt.body()).endsWith("}\n");
		for (String path : List.of("/hello", "/messages", entry, "/nowhere", "/messages?limit=0", "/messages/1")) {
			HttpResponse<String> response = this.api.send("GET", path, null);
			assertThat(response.headers().firstValue("Content-Type").orElseThrow()).isIn("application/json",
					"application/problem+json");
			assertThat(response.body()).as(path).endsWith("}\n").doesNotEndWith("\n\n");
		}
		assertThat(RawConnection.exchange(this.root, "nonsense")).endsWith("}\n");
	}

	@Test
	void startShouldEndWithALineThatSaysWhereToGo() {
		assertThat(this.application.output()).contains(
				"Ready: page http://localhost:%d, AMQP amqp://guest@127.0.0.1:%d (embedded broker), queue hello. Ctrl+C stops.\n"
					.formatted(this.root.getPort(), this.application.broker().port()));
	}

	@Test
	void startWithAnotherBrokerShouldNameItAndNoPassword() {
		BrokerAddress unused = BrokerAddress.unused();
		List<String> arguments = new ArrayList<>(List.of(unused.applicationArguments()));
		arguments.addAll(List.of("--spring.rabbitmq.username=who", "--spring.rabbitmq.password=verysecret",
				"--hello-stream.log.store=memory", "--hello-stream.queue.bind=amq.topic/a.b"));
		try (ApplicationProcess other = ApplicationProcess.launch(arguments.toArray(String[]::new))) {
			Awaitility.await()
				.atMost(Duration.ofSeconds(50))
				.untilAsserted(() -> assertThat(other.output()).contains(
						"AMQP amqp://who@127.0.0.1:%d (RabbitMQ, not reached yet), bound to amq.topic/a.b. Ctrl+C stops."
							.formatted(unused.port())));
			assertThat(other.output()).doesNotContain("verysecret");
		}
	}

	@Test
	void messageOverTheLimitShouldBeCounted() throws IOException {
		double before = refusals("message-size");
		byte[] large = new byte[1024 * 1024 + 1];
		Arrays.fill(large, (byte) '1');
		for (Map.Entry<String, Integer> type : Map.of("text/plain", 413, "application/x-ndjson", 200).entrySet()) {
			assertThat(this.api.send("POST", "/messages", large, "Content-Type", type.getKey()).statusCode())
				.isEqualTo(type.getValue());
		}
		assertThat(refusals("message-size") - before).isEqualTo(2);
	}

	@Test
	void subscribersFarBehindShouldReadTheLogOneAtATime() throws IOException {
		// More bytes than a subscriber may be behind and still read from the tail.
		publishLarge(40, 500_000, "behind");
		List<EventStream> streams = new ArrayList<>();
		try {
			for (int i = 0; i < 3; i++) {
				streams.add(EventStream.open(this.root.resolve("/messages?after=first")));
			}
			Awaitility.await().until(() -> {
				Exposition meters = Exposition.of(this.application);
				assertThat(meters.value(SUBSCRIBERS, "state", "catching-up")).isLessThanOrEqualTo(1);
				return meters.value(SUBSCRIBERS, "state", "waiting") > 0;
			});
			for (EventStream stream : streams) {
				readUntil(stream, "behind");
			}
		}
		finally {
			for (EventStream stream : streams) {
				stream.close();
			}
		}
	}

	@Test
	void linesUnderWayShouldBeWithinTheLimit() throws IOException {
		CompletableFuture<Void> published = CompletableFuture.runAsync(() -> publishLines("1\n".repeat(3_000)));
		int samples = 0;
		for (; !published.isDone(); samples++) {
			// The next line is published when one is confirmed, which is counted a moment
			// longer.
			assertThat(this.application.metric("hello_stream_publish_outstanding")).isLessThanOrEqualTo(2);
		}
		published.join();
		assertThat(samples).as("looks at it").isGreaterThan(5);
	}

	private static void readUntil(EventStream stream, String body) throws IOException {
		String data;
		do {
			data = stream.nextEvent().data();
		}
		while (!data.contains('"' + body + '"'));
	}

	private void publishLarge(int count, int length, String last) throws IOException {
		for (int i = 0; i < count; i++) {
			this.api.publish("x".repeat(length));
		}
		this.api.publish(last);
		Awaitility.await().until(() -> this.api.page("?limit=1").entries().get(0).body().equals(last));
	}

	private void publishLines(String lines) {
		try {
			this.api.publishLines(lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void forwardedHostShouldBeIgnoredWhereNobodyTrustsIt() throws IOException {
		assertThat(RawConnection.exchange(this.root, "GET /hello HTTP/1.1", "Host: localhost",
				"X-Forwarded-Host: evil.example"))
			.startsWith("HTTP/1.1 200 ");
		assertThat(RawConnection.exchange(this.root, "GET /hello HTTP/1.1", "Host: evil.example",
				"X-Forwarded-Host: localhost", "Forwarded: host=localhost"))
			.startsWith("HTTP/1.1 421 ");
	}

	private double refusals() throws IOException {
		return this.application.metric("hello_stream_web_refusals_total");
	}

	private double refusals(String reason) throws IOException {
		return this.application.metric("hello_stream_web_refusals_total{reason=\"%s\"}".formatted(reason));
	}

}
