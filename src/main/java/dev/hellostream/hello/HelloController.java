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
 * Serves {@code GET /hello}: three concurrent tasks, one answer. Each task says Hello,
 * waits, and says World. Together they take as long as the slowest of them, and they
 * occupy no thread while they wait.
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
 * There are two differences. A {@code Mono} is a description, which runs once for each
 * subscription. And {@link Mono#zip} cancels the remaining tasks when one fails, as
 * {@code asyncio.TaskGroup} does and {@code gather} does not.
 */
@RestController
@RequestMapping("/hello")
class HelloController {

	/**
	 * Id of the last event. When an {@code EventSource} reconnects with it, the answer is
	 * 204, which stops it. Otherwise each reconnection would run the tasks again.
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
	 * Create a controller whose tasks do something other than wait.
	 * @param work supplies the work of the task with that number, between its Hello and
	 * its World. The work must not block, and must stop when it is cancelled.
	 * @param timeout maximum duration of a run
	 * @param nanoTime a monotonic clock in nanoseconds
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
	 * Run the tasks concurrently, once for each subscriber. Cancelling the run cancels
	 * them.
	 * @param listener receives each line as it is said: one at a time, in order, on the
	 * thread that says it. It must not block.
	 * @return the report, when all tasks have finished. When one fails, a
	 * {@link ProblemException} with 502 at once; after the timeout, one with 504. In both
	 * cases the remaining tasks have been cancelled.
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
	 * Answer {@code HEAD} without running the tasks: Spring would wait for the report. It
	 * does not subscribe to the bodies of the other representations.
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
		// Flush each line. Spring does that for event streams, but not for text.
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

	// At most seven elements, so an unbounded buffer for a slow client is safe.
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
