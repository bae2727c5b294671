package dev.hellostream;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RawConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The requests that are accepted, and the security headers of every response.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestGuardIT {

	private static final String REFUSALS = "hello_stream_web_refusals_total{reason=\"%s\"}";

	private static final String SHOP = "Origin: https://shop.example.org";

	@AutoClose
	private final ApplicationProcess application = ApplicationProcess.start(
			"--hello-stream.web.allowed-hosts=app.example.org",
			"--hello-stream.web.allowed-origins=https://shop.example.org", "--server.forward-headers-strategy=native",
			"--hello-stream.sse.max-subscribers-per-address=2");

	private final URI root = this.application.uri("/");

	@ParameterizedTest
	@ValueSource(strings = { "GET / HTTP/1.1", "GET /hello HTTP/1.1", "GET /messages HTTP/1.1", "HEAD / HTTP/1.1",
			"GET /nowhere HTTP/1.1", "DELETE /messages HTTP/1.1", "GET /actuator/health HTTP/1.1",
			"GET /favicon.svg HTTP/1.1", "GET /messages?after=nonsense HTTP/1.1", "GET /%zz HTTP/1.1",
			"nonsense HTTP/1.1" })
	void responseShouldTellBrowsersToBeStrictAndNobodyAVersion(String requestLine) throws IOException {
		assertStrict(RawConnection.exchange(this.root, requestLine, "Host: localhost"));
	}

	@Test
	void liveStreamShouldTellBrowsersToBeStrict() throws IOException {
		try (EventStream stream = EventStream.open(this.root.resolve("/messages"))) {
			stream.nextEvent();
			assertStrict(String.join("\r\n", stream.head()) + "\r\n\r\n");
		}
	}

	private static void assertStrict(String response) {
		String head = response.substring(0, response.indexOf("\r\n\r\n") + 2).toLowerCase(Locale.ROOT);
		assertThat(head).contains("x-content-type-options: nosniff\r\n", "x-frame-options: deny\r\n",
				"referrer-policy: no-referrer\r\n", "cross-origin-resource-policy: same-origin\r\n",
				"cross-origin-opener-policy: same-origin\r\n", "content-security-policy: default-src 'none'; ",
				"script-src 'self'; ", "frame-ancestors 'none'\r\n");
		assertThat(head).doesNotContain("unsafe-inline", "\r\nserver:", "x-powered-by", "netty")
			.doesNotContainPattern("\\d+\\.\\d+\\.\\d+");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /hello", "GET /messages", "GET /", "POST /messages", "GET /actuator/prometheus",
			"OPTIONS /messages", "GET http://evil.example/messages" })
	void requestForAnotherHostShouldBeAProblem(String request) throws IOException {
		double before = refusals("host");
		for (String accept : List.of("*/*", "text/event-stream")) {
			String response = RawConnection.exchange(this.root, request + " HTTP/1.1",
					request.contains("//") ? "Host: localhost" : "Host: evil.example", "Accept: " + accept);
			assertProblem(response, 421, "hello-stream.web.allowed-hosts");
		}
		assertThat(refusals("host") - before).isEqualTo(2);
		assertThat(this.application.metric("hello_stream_sse_subscribers")).isZero();
	}

	@Test
	void forwardedHostShouldBeLookedAtWhereTheOperatorTrustsIt() throws IOException {
		assertThat(get("Host: localhost", "X-Forwarded-Host: app.example.org")).startsWith("HTTP/1.1 200 ");
		assertProblem(get("Host: localhost", "X-Forwarded-Host: evil.example"), 421, "allowed-hosts");
	}

	@Test
	void requestOfAnotherOriginShouldBeAProblem() throws IOException {
		double before = refusals("origin");
		for (String who : List.of("Origin: null", "Origin: https://evil.example", "Origin: http://localhost:1",
				"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site")) {
			assertProblem(get("Host: localhost", who), 403, "hello-stream.web.allowed-origins");
			assertProblem(get("Host: localhost", who, "Accept: text/event-stream"), 403, "allowed-origins");
			for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
				String post = postAsNavigation(who, type);
				assertProblem(post, 403, "allowed-origins");
				assertThat(post.toLowerCase(Locale.ROOT)).doesNotContain("access-control-allow");
			}
		}
		assertThat(refusals("origin") - before).isEqualTo(20);
		assertThat(new MessagesApi(this.application).all()).isEmpty();
	}

	@Test
	void allowedOriginShouldReadPublishAndSeeErrors() throws IOException {
		String preflight = RawConnection.exchange(this.root, "OPTIONS /messages HTTP/1.1", "Host: localhost", SHOP,
				"Access-Control-Request-Method: POST",
				"Access-Control-Request-Headers: content-type,idempotency-key,last-event-id");
		assertThat(preflight).startsWith("HTTP/1.1 200 ")
			.contains("Access-Control-Allow-Origin: https://shop.example.org\r\n", "Access-Control-Allow-Methods: ")
			.containsIgnoringCase("idempotency-key")
			.doesNotContain("Access-Control-Allow-Credentials");
		assertThat(get("Host: localhost", SHOP)).startsWith("HTTP/1.1 200 ")
			.contains("Access-Control-Allow-Origin: https://shop.example.org\r\n", "Access-Control-Expose-Headers: ");
		String failed = RawConnection.exchange(this.root, "GET /messages?limit=0 HTTP/1.1", "Host: localhost", SHOP);
		assertProblem(failed, 400, "limit");
		assertThat(failed).contains("Access-Control-Allow-Origin: https://shop.example.org\r\n");
		assertProblem(RawConnection.exchange(this.root, "PUT /messages HTTP/1.1", "Host: localhost", SHOP), 403,
				"allowed-origins");
		assertThat(RawConnection.exchange(this.root, "OPTIONS /messages HTTP/1.1", "Host: localhost", SHOP,
				"Access-Control-Request-Method: POST", "Access-Control-Request-Headers: x-other"))
			.startsWith("HTTP/1.1 403 ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/hello", "/messages", "/openapi.yaml", "/nowhere" })
	void answersShouldVaryByOriginWithWhateverElseTheyVaryBy(String path) throws IOException {
		for (String origin : List.of(SHOP, "Accept-Language: en")) {
			assertThat(
					RawConnection.exchange(this.root, "HEAD " + path + " HTTP/1.1", "Host: localhost", origin).lines())
				.as(origin)
				.contains("Vary: Origin");
		}
	}

	@Test
	void streamOverTheLimitOfItsAddressShouldBeSentAwayInOrder() throws IOException {
		URI messages = this.root.resolve("/messages");
		String client = "X-Forwarded-For: 192.0.2.7";
		try (EventStream one = EventStream.open(messages, client);
				EventStream two = EventStream.open(messages, client);
				EventStream three = EventStream.open(messages, client);
				EventStream other = EventStream.open(messages, "X-Forwarded-For: 192.0.2.8")) {
			assertThat(one.nextEvent().event()).isEqualTo("start");
			assertThat(two.nextEvent().event()).isEqualTo("start");
			assertThat(three.head().get(0)).isEqualTo("HTTP/1.1 200 OK");
			assertThat(Integer.parseInt(three.next().retry())).isBetween(5_000, 15_000);
			assertThat(three.next()).isNull();
			assertThat(other.nextEvent().event()).isEqualTo("start");
			String lines = RawConnection.exchange(this.root, "GET /messages HTTP/1.1", "Host: localhost", client,
					"Accept: application/x-ndjson");
			assertProblem(lines, 429, "hello-stream.sse.max-subscribers-per-address");
			assertThat(lines).contains("Retry-After: 10\r\n");
			assertThat(refusals("subscribers-per-address")).isEqualTo(2);
		}
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.application.metric("hello_stream_sse_subscribers")).isZero());
		try (EventStream again = EventStream.open(messages, client)) {
			assertThat(again.nextEvent().event()).isEqualTo("start");
		}
	}

	@Test
	void startBeyondLoopbackWithoutNamesShouldEndInOneSentence() {
		try (ApplicationProcess open = ApplicationProcess.launch("--server.address=0.0.0.0")) {
			Awaitility.await().atMost(Duration.ofSeconds(50)).until(() -> !open.isAlive());
			assertThat(open.output()).contains("server.address is 0.0.0.0", "--hello-stream.web.allowed-hosts=")
				.doesNotContain("\tat ")
				.doesNotContain("listens on");
		}
	}

	/** Send a form as a browser does, which navigates to the target of the form. */
	private String postAsNavigation(String who, String type) throws IOException {
		try (RawConnection connection = new RawConnection(this.root)) {
			connection.send(String.join("\r\n", "POST /messages HTTP/1.1", "Host: localhost", who,
					"Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Content-Type: " + type,
					"Content-Length: 3", "Connection: close", "", "a=1"));
			connection.awaitEnd(Duration.ofSeconds(20));
			return connection.received();
		}
	}

	private String get(String... headers) throws IOException {
		return RawConnection.exchange(this.root, "GET /messages HTTP/1.1", headers);
	}

	private double refusals(String reason) throws IOException {
		return this.application.metric(REFUSALS.formatted(reason));
	}

	private static void assertProblem(String response, int status, String detail) {
		assertThat(response).startsWith("HTTP/1.1 %d ".formatted(status))
			.contains("Content-Type: application/problem+json", detail);
		assertStrict(response);
	}

}
