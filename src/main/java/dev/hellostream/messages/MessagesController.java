package dev.hellostream.messages;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

import dev.hellostream.live.LiveFormat;
import dev.hellostream.live.LiveSettings;
import dev.hellostream.live.LiveStreams;
import dev.hellostream.live.Subscribers;
import dev.hellostream.live.SubscriptionStart;
import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.web.LastEventId;
import dev.hellostream.web.ProblemException;
import dev.hellostream.web.QueryParameters;
import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import dev.hellostream.web.StreamingHeaders;
import reactor.core.publisher.Mono;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves entries of the log: a page or a single entry as JSON, or a live stream as
 * events, as JSON lines or as text.
 */
@RestController
@RequestMapping("/messages")
class MessagesController {

	private static final String LIMIT = "limit";

	private static final String[] PARAMETERS = { RequestedStart.AFTER, LIMIT, LastEventId.PARAMETER };

	private static final int DEFAULT_LIMIT = 100;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final MessageLog log;

	private final LiveStreams streams;

	private final int maxPageSize;

	private final Refusals refusals;

	MessagesController(MessageLog log, LiveStreams streams, LiveSettings settings, Refusals refusals) {
		this.log = log;
		this.streams = streams;
		this.maxPageSize = settings.maxPageSize();
		this.refusals = refusals;
	}

	@GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<ResponseEntity<byte[]>> page(ServerHttpRequest request) {
		QueryParameters.check(request, PARAMETERS);
		int limit = limit(request);
		ReadFrom from = RequestedStart.ofPage(request, limit);
		return Mono.defer(() -> {
			HistoryPage page = new HistoryPage(limit);
			return this.log.read(from).takeUntil(page::add).then(Mono.fromSupplier(page::toJson));
		}).timeout(PATIENCE, Mono.error(this::unreachable)).map(MessagesController::json);
	}

	private int limit(ServerHttpRequest request) {
		Optional<String> limit = QueryParameters.first(request, LIMIT);
		if (limit.isEmpty()) {
			return Math.min(DEFAULT_LIMIT, this.maxPageSize);
		}
		int number = limit.get().matches("[0-9]{1,9}") ? Integer.parseInt(limit.get()) : 0;
		if (number > this.maxPageSize) {
			this.refusals.count(Reason.PAGE_SIZE);
		}
		if (number < 1 || number > this.maxPageSize) {
			throw new ProblemException(HttpStatus.BAD_REQUEST,
					"limit is a number from 1 to %d: ask for more with ?after=<next>.".formatted(this.maxPageSize));
		}
		return number;
	}

	@GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Mono<Void> events(ServerHttpRequest request, ServerHttpResponse response) {
		return stream(request, response, LiveFormat.SSE);
	}

	@GetMapping(produces = MediaType.APPLICATION_NDJSON_VALUE)
	Mono<Void> lines(ServerHttpRequest request, ServerHttpResponse response) {
		return stream(request, response, LiveFormat.NDJSON);
	}

	@GetMapping(produces = MediaType.TEXT_PLAIN_VALUE)
	Mono<Void> text(ServerHttpRequest request, ServerHttpResponse response) {
		return stream(request, response, LiveFormat.TEXT);
	}

	private Mono<Void> stream(ServerHttpRequest request, ServerHttpResponse response, LiveFormat format) {
		QueryParameters.check(request, PARAMETERS);
		SubscriptionStart start = RequestedStart.ofStream(request);
		String client = Subscribers.client(request.getRemoteAddress());
		Reason refusal = this.streams.refusal(client);
		if (format != LiveFormat.SSE && refusal != null) {
			this.refusals.count(refusal);
			throw noPlace(refusal);
		}
		StreamingHeaders.setOn(response.getHeaders(), format.mediaType());
		return HttpMethod.HEAD.equals(request.getMethod()) ? response.setComplete()
				: this.streams.serve(response, start, format, client);
	}

	private ProblemException noPlace(Reason refusal) {
		boolean perAddress = (refusal == Reason.SUBSCRIBERS_PER_ADDRESS);
		return new ProblemException(perAddress ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.SERVICE_UNAVAILABLE,
				perAddress
						? "Too many live streams are open from this address: close one, or raise "
								+ "hello-stream.sse.max-subscribers-per-address."
						: "No more live streams can be opened at present: try again in a few seconds.")
			.header(HttpHeaders.RETRY_AFTER, "10");
	}

	@GetMapping(path = "/{position}", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<ResponseEntity<byte[]>> entry(@PathVariable("position") String text, ServerHttpRequest request) {
		QueryParameters.check(request);
		Position position = Position.parse(text).orElseThrow(this::unknown);
		return this.log.find(position).timeout(PATIENCE, Mono.error(this::unreachable)).map((item) -> {
			if (item instanceof Entry entry) {
				int end = entry.lineStart() + entry.lineLength();
				return json(Arrays.copyOfRange(entry.event(), entry.lineStart(), end));
			}
			Position first = ((Gap) item).first();
			throw (first != null && position.offset() < first.offset()) ? gone(first) : unknown();
		});
	}

	/** A log that instances share can be unreachable. */
	private ProblemException unreachable() {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE,
				"The log cannot be read at present: try again in a few seconds.")
			.header(HttpHeaders.RETRY_AFTER, "5");
	}

	private ProblemException unknown() {
		return new ProblemException(HttpStatus.NOT_FOUND,
				"No such entry exists: send the id of an entry as it was received, such as 42.c01dcafe.");
	}

	private ProblemException gone(Position first) {
		return new ProblemException(HttpStatus.GONE,
				"This entry is older than the oldest entry in the log, %s.".formatted(first));
	}

	private static ResponseEntity<byte[]> json(byte[] body) {
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_JSON)
			.cacheControl(CacheControl.noCache())
			.body(body);
	}

}
