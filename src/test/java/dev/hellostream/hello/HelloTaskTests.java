package dev.hellostream.hello;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.annotation.Bean;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the responses of {@code /hello} over HTTP while its tasks wait, and when they
 * fail, are late, or the client disconnects.
 */
@SpringBootTest(classes = { HelloEndpointTests.Application.class, HelloTaskTests.Work.class },
		webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureWebTestClient(timeout = "20s")
class HelloTaskTests {

	private static final ParameterizedTypeReference<ServerSentEvent<JsonNode>> EVENT = new ParameterizedTypeReference<>() {
	};

	private static final Mono<?> FAILING = Mono.error(new IllegalStateException("secret"));

	@Autowired
	private WebTestClient client;

	@Autowired
	private Work work;

	@LocalServerPort
	private int port;

	@BeforeEach
	void forget() {
		this.work.cancelled.clear();
	}

	@Test
	void getWhenTaskFailsShouldAnswerBadGateway() {
		this.work.tasks = (number) -> (number == 2) ? FAILING : Mono.never();
		ProblemDetail problem = problem(502);
		assertThat(problem.getDetail()).contains("Task 2 failed").doesNotContain("secret");
		assertThat(this.work.cancelled).contains(1);
	}

	@Test
	void getWhenTaskIsLateShouldAnswerGatewayTimeout() {
		this.work.tasks = (number) -> (number == 3) ? Mono.never() : Mono.empty();
		assertThat(problem(504).getDetail()).contains("task [3]").contains("hello-stream.hello.timeout");
		assertThat(this.work.cancelled).containsExactly(3);
	}

	@Test
	void getEventsWhenTaskIsLateShouldEndWithTheProblem() {
		this.work.tasks = (number) -> (number == 3) ? Mono.never() : Mono.empty();
		List<ServerSentEvent<JsonNode>> events = this.client.get()
			.uri("/hello")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isOk()
			.returnResult(EVENT)
			.getResponseBody()
			.collectList()
			.block(Duration.ofSeconds(10));
		assertThat(events).hasSize(6);
		ServerSentEvent<JsonNode> last = events.get(5);
		assertThat(last.event()).isEqualTo("problem");
		assertThat(last.id()).isEqualTo("done");
		assertThat(last.data().get("status").asInt()).isEqualTo(504);
		assertThat(last.data().get("detail").asString()).contains("task [3]");
	}

	@ParameterizedTest
	@ValueSource(strings = { MediaType.TEXT_PLAIN_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE })
	void getWhenTasksWaitShouldHaveSentWhatWasSaid(String accept) {
		Sinks.Empty<Void> waiting = Sinks.empty();
		this.work.tasks = (number) -> waiting.asMono();
		Flux<String> lines = this.client.get()
			.uri("/hello")
			.accept(MediaType.parseMediaType(accept))
			.exchange()
			.returnResult(String.class)
			.getResponseBody();
		StepVerifier.create(lines)
			.assertNext((line) -> assertThat(line).contains("Hello"))
			.assertNext((line) -> assertThat(line).contains("Hello"))
			.assertNext((line) -> assertThat(line).contains("Hello"))
			.then(waiting::tryEmitEmpty)
			.assertNext((line) -> assertThat(line).contains("World"))
			.thenConsumeWhile((line) -> true)
			.expectComplete()
			.verify(Duration.ofSeconds(10));
	}

	@Test
	void getTextWhenTaskFailsShouldEndWithASentence() {
		this.work.tasks = (number) -> (number == 2) ? FAILING : Mono.never();
		String text = this.client.get()
			.uri("/hello")
			.accept(MediaType.TEXT_PLAIN)
			.exchange()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		assertThat(text).startsWith("Hello 1\n").contains("\n502 Bad Gateway: Task 2 failed").endsWith("\n");
	}

	@Test
	void cancelOfTheRequestShouldCancelTheTasks() throws InterruptedException {
		CountDownLatch waiting = new CountDownLatch(3);
		CountDownLatch cancelled = new CountDownLatch(3);
		this.work.tasks = (number) -> Mono.never()
			.doOnSubscribe((subscription) -> waiting.countDown())
			.doOnCancel(cancelled::countDown);
		Disposable request = WebClient.create("http://localhost:" + this.port)
			.get()
			.uri("/hello")
			.retrieve()
			.bodyToMono(String.class)
			.subscribe();
		assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
		request.dispose();
		// Before the timeout would cancel them.
		assertThat(cancelled.await(2, TimeUnit.SECONDS)).isTrue();
	}

	private ProblemDetail problem(int status) {
		return this.client.get()
			.uri("/hello")
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody(ProblemDetail.class)
			.returnResult()
			.getResponseBody();
	}

	/**
	 * Lets a test define the work of the tasks between Hello and World.
	 */
	@TestConfiguration(proxyBeanMethods = false)
	static class Work {

		private final Set<Integer> cancelled = new ConcurrentSkipListSet<>();

		private volatile IntFunction<Mono<?>> tasks = (number) -> Mono.empty();

		@Bean
		HelloController controlled() {
			return new HelloController(
					(number) -> this.tasks.apply(number).doOnCancel(() -> this.cancelled.add(number)),
					Duration.ofSeconds(3), System::nanoTime);
		}

	}

}
