package dev.hellostream.hello;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

import dev.hellostream.hello.Report.Task;
import dev.hellostream.web.LastEventId;
import dev.hellostream.web.ProblemException;
import dev.hellostream.web.QueryParameters;
import dev.hellostream.web.StreamingHeaders;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /hello}: three tasks at once, one answer. Each task says Hello, waits, and
 * says World. Together they take as long as the longest of them, and they hold no thread
 * while they wait.
 *
 * <p>
 * The same in Python:
 *
 * <pre>
 * async def greet(number):                Mono&lt;Task&gt; greet(int number, HelloRun run) {
 *     hello = say(number, "Hello")            return Mono.fromSupplier(() -&gt; run.say(number, "Hello"))
 *     await asyncio.sleep(delay)                  .delayUntil((hello) -&gt; Mono.delay(delay))
 *     world = say(number, "World")                .map((hello) -&gt; Task.between(hello, run.say(number, "World")));
 *     return world - hello                }
 *
 * async with asyncio.timeout(limit):      Mono.zip(greet(1, run), greet(2, run), greet(3, run))
 *     await asyncio.gather(                   .timeout(limit)
 *         greet(1), greet(2), greet(3))
 * </pre>
 *
 * Two differences. A {@code Mono} is a description: it runs when it is subscribed to, as
 * often as it is subscribed to. And {@link Mono#zip} cancels the remaining tasks when one
 * fails, which {@code gather} does not: {@code asyncio.TaskGroup} does.
 */
@RestController
@RequestMapping("/hello")
class HelloController {

	/**
	 * The id of the last event. An {@code EventSource} that reconnects with it is told to
	 * stop, or it would run the tasks again and again.
	 */
	private static final String DONE = "done";

	private static final MediaType EVENTS = new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8);

	private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

	private static final Logger logger = LoggerFactory.getLogger(HelloController.class);

	private final IntFunction<Mono<?>> work;

	private final Duration timeout;

	private final LongSupplier nanoTime;

	@Autowired
	HelloController(HelloSettings settings) {
		this((number) -> Mono.delay(settings.delay()), settings.timeout(), System::nanoTime);
	}

	/**
	 * Create a controller whose tasks do other work than waiting.
	 * @param work what the task of that number does between Hello and World. It must not
	 * block, and must stop when it is cancelled.
	 * @param timeout how long a run may take
	 * @param nanoTime a clock that never goes back, in nanoseconds
	 */
	HelloController(IntFunction<Mono<?>> work, Duration timeout, LongSupplier nanoTime) {
		this.work = work;
		this.timeout = timeout;
		this.nanoTime = nanoTime;
	}

	@GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<ResponseEntity<Report>> report(ServerHttpRequest request) {
		QueryParameters.check(request, LastEventId.PARAMETER);
		return run((said) -> {
		}).map(ok(MediaType.APPLICATION_JSON)::body);
	}

	/**
	 * Run the tasks, all at once, anew for every subscriber. Cancelling the run cancels
	 * them.
	 * @param listener told each line as it is said, one at a time, in order, on the
	 * thread that says it: it must not block
	 * @return the report, once all have finished. If one fails, a
	 * {@link ProblemException} with 502 at once; if the time is over, with 504. Either
	 * way the remaining tasks have been cancelled.
	 */
	Mono<Report> run(Consumer<Greeting> listener) {
		return Mono.defer(() -> {
			HelloRun run = new HelloRun(this.nanoTime, listener);
			return Mono.zip(greet(1, run), greet(2, run), greet(3, run))
				.timeout(this.timeout, Mono.error(() -> late(run)))
				.map((tasks) -> run.report(List.of(tasks.getT1(), tasks.getT2(), tasks.getT3())));
		});
	}

	private Mono<Task> greet(int number, HelloRun run) {
		return Mono.fromSupplier(() -> run.say(number, "Hello"))
			.delayUntil((hello) -> this.work.apply(number))
			.map((hello) -> Task.between(hello, run.say(number, "World")))
			.onErrorMap((failure) -> failed(number, failure));
	}

	/**
	 * A {@code HEAD} request does not run the tasks. Spring would wait for the report;
	 * the body of the other representations it does not subscribe to.
	 */
	@RequestMapping(method = RequestMethod.HEAD, produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Void> reportHead(ServerHttpRequest request) {
		QueryParameters.check(request, LastEventId.PARAMETER);
		return ok(MediaType.APPLICATION_JSON).build();
	}

	@GetMapping(produces = MediaType.TEXT_PLAIN_VALUE)
	Mono<Void> text(ServerHttpRequest request, ServerHttpResponse response) {
		QueryParameters.check(request, LastEventId.PARAMETER);
		head(response.getHeaders(), TEXT);
		Flux<String> lines = live(Greeting::toString, (report) -> Mono.empty())
			.onErrorResume(ProblemException.class, (problem) -> Mono.just(sentence(problem)))
			.map((line) -> line + "\n");
		// Flushed line by line. Spring does that for event streams, and not for text.
		return response.writeAndFlushWith(
				lines.map((line) -> Mono.just(response.bufferFactory().wrap(line.getBytes(StandardCharsets.UTF_8)))));
	}

	@GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	ResponseEntity<Flux<ServerSentEvent<Object>>> events(ServerHttpRequest request) {
		QueryParameters.check(request, LastEventId.PARAMETER);
		if (LastEventId.of(request).filter(DONE::equals).isPresent()) {
			return ResponseEntity.noContent().build();
		}
		return ok(EVENTS).body(live(HelloController::event, (report) -> Mono.just(last("report", report)))
			.onErrorResume(ProblemException.class, (problem) -> Mono.just(last("problem", problem.getBody()))));
	}

	// Seven elements at most, so they may wait here for a slow client.
	private <T> Flux<T> live(Function<Greeting, T> line, Function<Report, Publisher<T>> ending) {
		return Flux.create((sink) -> sink.onDispose(run((said) -> sink.next(line.apply(said))).flatMapMany(ending)
			.contextWrite(sink.contextView())
			.subscribe(sink::next, sink::error, sink::complete)));
	}

	private ProblemException late(HelloRun run) {
		String detail = "Not finished within %d ms: task %s. All remaining tasks have been cancelled. Ask again, or raise hello-stream.hello.timeout."
			.formatted(this.timeout.toMillis(), run.unfinished());
		logger.warn(detail);
		return new ProblemException(HttpStatus.GATEWAY_TIMEOUT, detail);
	}

	private ProblemException failed(int number, Throwable failure) {
		logger.warn("Task {} failed", number, failure);
		return new ProblemException(HttpStatus.BAD_GATEWAY,
				"Task %d failed, and the others were cancelled. Ask again; the server's log says why."
					.formatted(number),
				failure);
	}

	private static ServerSentEvent<Object> event(Greeting said) {
		return ServerSentEvent.<Object>builder(said).build();
	}

	private static ServerSentEvent<Object> last(String name, Object data) {
		return ServerSentEvent.<Object>builder(data).event(name).id(DONE).build();
	}

	private static String sentence(ProblemException problem) {
		ProblemDetail body = problem.getBody();
		return "%d %s: %s".formatted(body.getStatus(), body.getTitle(), body.getDetail());
	}

	private static ResponseEntity.BodyBuilder ok(MediaType type) {
		return ResponseEntity.ok().headers((headers) -> head(headers, type));
	}

	private static void head(HttpHeaders headers, MediaType type) {
		StreamingHeaders.setOn(headers, type);
		headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
	}

}
