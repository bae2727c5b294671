package dev.hellostream.hello;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import dev.hellostream.web.ContentNegotiation;
import dev.hellostream.web.LastEventId;
import dev.hellostream.web.ProblemException;
import dev.hellostream.web.QueryParameters;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Runs the fan-out for {@code GET /hello}, and shows it as a report, as text or as an
 * event stream.
 */
final class HelloHandler {

	/**
	 * The id of the last event. An {@code EventSource} that comes back with it is told to
	 * stay away, or it would run the fan-out again and again.
	 */
	static final String DONE = "done";

	private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

	private static final MediaType EVENTS = new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8);

	private final FanOut fanOut;

	private final JsonMapper json;

	HelloHandler(FanOut fanOut, JsonMapper json) {
		this.fanOut = fanOut;
		this.json = json;
	}

	Mono<ServerResponse> run(ServerRequest request) {
		QueryParameters.check(request, "lastEventId");
		MediaType type = negotiate(request);
		if (type.equals(EVENTS)) {
			return alreadyDone(request) ? ServerResponse.noContent().build() : events();
		}
		return type.equals(TEXT) ? text() : report();
	}

	Mono<ServerResponse> describe(ServerRequest request) {
		QueryParameters.check(request, "lastEventId");
		return ok(negotiate(request)).build();
	}

	Mono<ServerResponse> refuse(ServerRequest request) {
		return Mono.error(new ProblemException(HttpStatus.METHOD_NOT_ALLOWED,
				"The fan-out is run by GET /hello. To publish a message, POST it to /messages.")
			.header(HttpHeaders.ALLOW, HttpMethod.GET + ", " + HttpMethod.HEAD));
	}

	private Mono<ServerResponse> report() {
		return this.fanOut.run((said) -> {
		}).flatMap((report) -> ok(MediaType.APPLICATION_JSON).bodyValue(this.json.writeValueAsString(report) + "\n"));
	}

	private Mono<ServerResponse> text() {
		Flux<String> lines = live(Greeting::toString, (report) -> Mono.empty())
			.onErrorResume(ProblemException.class, (problem) -> Mono.just(sentence(problem)))
			.map((line) -> line + "\n");
		return ok(TEXT).body((response, context) -> response.writeAndFlushWith(
				lines.map((line) -> Mono.just(response.bufferFactory().wrap(line.getBytes(StandardCharsets.UTF_8))))));
	}

	private Mono<ServerResponse> events() {
		Flux<ServerSentEvent<Object>> events = live(HelloHandler::event, (report) -> Mono.just(last("report", report)))
			.onErrorResume(ProblemException.class, (problem) -> Mono.just(last("problem", problem.getBody())));
		return ok(EVENTS).body(BodyInserters.fromServerSentEvents(events));
	}

	// Seven elements at most, so they may wait here for a slow client.
	private <T> Flux<T> live(Function<Greeting, T> line, Function<Report, Publisher<T>> ending) {
		return Flux.create((sink) -> sink.onDispose(this.fanOut.run((said) -> sink.next(line.apply(said)))
			.flatMapMany(ending)
			.contextWrite(sink.contextView())
			.subscribe(sink::next, sink::error, sink::complete)));
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

	private static boolean alreadyDone(ServerRequest request) {
		return LastEventId.of(request).filter(DONE::equals).isPresent();
	}

	private static MediaType negotiate(ServerRequest request) {
		return ContentNegotiation.select(request, MediaType.APPLICATION_JSON, TEXT, EVENTS);
	}

	private static ServerResponse.BodyBuilder ok(MediaType type) {
		// nginx, and what compresses on the way, would hold the lines back until the
		// last.
		return ServerResponse.ok()
			.contentType(type)
			.cacheControl(CacheControl.noCache().noTransform())
			.varyBy(HttpHeaders.ACCEPT)
			.header("X-Accel-Buffering", "no");
	}

}
