package dev.hellostream.hello;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code /hello} over HTTP, in real time.
 */
@SpringBootTest(classes = { HelloEndpointTests.Application.class, HelloController.class },
		webEnvironment = WebEnvironment.RANDOM_PORT, properties = "hello-stream.hello.timeout=60s")
@AutoConfigureWebTestClient(timeout = "20s")
class HelloEndpointTests {

	private static final ParameterizedTypeReference<ServerSentEvent<JsonNode>> EVENT = new ParameterizedTypeReference<>() {
	};

	private static final String[] LINES = { "Hello 1", "Hello 2", "Hello 3", "World 1", "World 2", "World 3" };

	@Autowired
	private WebTestClient client;

	@LocalServerPort
	private int port;

	@Test
	void getShouldReportTheTasksInLessThanTwoSeconds() {
		long began = System.nanoTime();
		Report report = report();
		for (int run = 1; run < 4 && report.speedup() < 2.7; run++) {
			// Repeated, since the JVM was cold or the machine was busy.
			began = System.nanoTime();
			report = report();
		}
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
		assertThat(report.tasks()).extracting(Report.Task::task).containsExactly(1, 2, 3);
		assertThat(report.totalMillis()).isBetween(1000.0, 2000.0);
		assertThat(report.speedup()).isBetween(2.7, 3.0);
	}

	private Report report() {
		return this.client.get()
			.uri("/hello")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectBody(Report.class)
			.returnResult()
			.getResponseBody();
	}

	@Test
	void getWhenAnotherCharsetIsAcceptedShouldAnswerInUtf8() {
		this.client.get()
			.uri("/hello")
			.header(HttpHeaders.ACCEPT, "application/json;charset=UTF-16")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
			.expectBody(Report.class);
	}

	@Test
	void getWhenTextIsAcceptedShouldAnswerTheSixLines() {
		String text = this.client.get()
			.uri("/hello")
			.accept(MediaType.TEXT_PLAIN)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType("text/plain;charset=UTF-8")
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		List<String> lines = text.lines().toList();
		assertThat(lines).startsWith("Hello 1", "Hello 2", "Hello 3").containsExactlyInAnyOrder(LINES);
		assertThat(text).endsWith("\n");
	}

	@Test
	void getWhenEventStreamIsAcceptedShouldTellEachLineAndThenTheReport() {
		List<ServerSentEvent<JsonNode>> events = this.client.get()
			.uri("/hello")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals("X-Accel-Buffering", "no")
			.expectHeader()
			.valueEquals(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
			.expectHeader()
			.contentType("text/event-stream;charset=UTF-8")
			.returnResult(EVENT)
			.getResponseBody()
			.collectList()
			.block(Duration.ofSeconds(10));
		assertThat(events).hasSize(7);
		List<ServerSentEvent<JsonNode>> lines = events.subList(0, 6);
		assertThat(lines).allSatisfy((event) -> {
			assertThat(event.event()).isNull();
			assertThat(event.id()).isNull();
		});
		assertThat(lines).map((event) -> event.data().get("line").asString() + " " + event.data().get("task").asInt())
			.startsWith("Hello 1", "Hello 2", "Hello 3")
			.containsExactlyInAnyOrder(LINES);
		assertThat(lines).map((event) -> event.data().get("atMillis").asDouble()).isSorted();
		ServerSentEvent<JsonNode> last = events.get(6);
		assertThat(last.event()).isEqualTo("report");
		assertThat(last.id()).isEqualTo("done");
		assertThat(last.data().get("speedup").asDouble()).isGreaterThan(2);
	}

	@Test
	void getWhenEventSourceComesBackShouldSendItAway() {
		this.client.get()
			.uri("/hello")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.header("Last-Event-ID", "done")
			.exchange()
			.expectStatus()
			.isNoContent();
	}

	@Test
	void getWhenPolyfillComesBackShouldSendItAway() {
		this.client.get()
			.uri("/hello?lastEventId=done")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isNoContent();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*/*                                     | application/json
			text/html, */*;q=0.8                    | application/json
			text/plain;q=0.5, application/json      | application/json
			application/json;charset=UTF-16         | application/json
			text/plain, application/json            | text/plain;charset=UTF-8
			text/plain;charset=UTF-16               | text/plain;charset=UTF-8
			text/*                                  | text/event-stream;charset=UTF-8
			text/event-stream;charset=UTF-16        | text/event-stream;charset=UTF-8
			""")
	void headShouldAnswerTheHeadersWithoutRunning(String accept, String type) {
		long began = System.nanoTime();
		this.client.head()
			.uri("/hello")
			.header(HttpHeaders.ACCEPT, accept)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals(HttpHeaders.VARY, HttpHeaders.ACCEPT)
			.expectHeader()
			.valueEquals(HttpHeaders.CONTENT_TYPE, type)
			.expectBody()
			.isEmpty();
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "PATCH", "DELETE" })
	void otherMethodsShouldBeRefusedWithWhatToDo(String method) {
		ProblemDetail problem = this.client.method(HttpMethod.valueOf(method))
			.uri("/hello")
			.exchange()
			.expectStatus()
			.isEqualTo(405)
			.expectHeader()
			.valueEquals(HttpHeaders.ALLOW, "GET, HEAD")
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody(ProblemDetail.class)
			.returnResult()
			.getResponseBody();
		assertThat(problem.getDetail()).contains("GET /hello");
	}

	@Test
	void optionsShouldNameTheMethods() {
		Set<HttpMethod> methods = this.client.options()
			.uri("/hello")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.isEmpty()
			.getResponseHeaders()
			.getAllow();
		assertThat(methods).containsExactlyInAnyOrder(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
	}

	@Test
	void getWhenNothingOfferedIsAcceptedShouldNameWhatIs() {
		ProblemDetail problem = this.client.get()
			.uri("/hello")
			.accept(MediaType.IMAGE_PNG)
			.exchange()
			.expectStatus()
			.isEqualTo(406)
			.expectBody(ProblemDetail.class)
			.returnResult()
			.getResponseBody();
		assertThat(problem.getDetail()).contains("application/json", "text/plain", "text/event-stream");
	}

	@Test
	void getWhenThousandsRunAtOnceShouldNeedNoThreadForThem() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		run(100);
		int few = threads.getThreadCount();
		threads.resetPeakThreadCount();
		long began = System.nanoTime();
		run(2000);
		// The tasks wait 6,000 s in total; the limit also allows for the checks in tests.
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
		assertThat(threads.getPeakThreadCount()).isLessThanOrEqualTo(few + 5);
	}

	private void run(int requests) {
		ConnectionProvider connections = ConnectionProvider.create("thousands", requests);
		WebClient client = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(HttpClient.create(connections)))
			.baseUrl("http://localhost:" + this.port)
			.build();
		Mono<Long> reports = Flux.range(0, requests)
			.flatMap((request) -> client.get().uri("/hello").retrieve().bodyToMono(String.class), requests)
			.count();
		assertThat(reports.block(Duration.ofSeconds(90))).isEqualTo(requests);
		connections.disposeLater().block(Duration.ofSeconds(10));
	}

	/**
	 * The guard and everything else in {@code web}, without a broker.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ConfigurationPropertiesScan({ "dev.hellostream.hello", "dev.hellostream.web" })
	@ComponentScan("dev.hellostream.web")
	static class Application {

	}

}
