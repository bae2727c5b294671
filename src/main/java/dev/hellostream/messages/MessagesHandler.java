package dev.hellostream.messages;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

import dev.hellostream.live.Frame;
import dev.hellostream.live.FrameEncoder;
import dev.hellostream.live.LiveFormat;
import dev.hellostream.live.LiveSettings;
import dev.hellostream.live.LiveStreams;
import dev.hellostream.live.Subscribers;
import dev.hellostream.live.SubscriptionStart;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogEntry;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import dev.hellostream.web.ContentNegotiation;
import dev.hellostream.web.ProblemException;
import dev.hellostream.web.QueryParameters;
import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import reactor.core.publisher.Mono;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Answers those who read messages: a page of JSON, one entry, or a live stream.
 */
@Component
class MessagesHandler {

	private static final int DEFAULT_LIMIT = 100;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final MessageLog log;

	private final FrameEncoder encoder;

	private final LiveStreams streams;

	private final int maxPageSize;

	private final Refusals refusals;

	MessagesHandler(MessageLog log, FrameEncoder encoder, LiveStreams streams, LiveSettings settings,
			Refusals refusals) {
		this.log = log;
		this.encoder = encoder;
		this.streams = streams;
		this.maxPageSize = settings.maxPageSize();
		this.refusals = refusals;
	}

	Mono<ServerResponse> messages(ServerRequest request) {
		QueryParameters.check(request, "after", "limit", "lastEventId");
		MediaType type = ContentNegotiation.select(request, MediaType.APPLICATION_JSON, MediaType.TEXT_EVENT_STREAM,
				MediaType.APPLICATION_NDJSON, MediaType.TEXT_PLAIN);
		return Arrays.stream(LiveFormat.values())
			.filter((format) -> format.mediaType().equalsTypeAndSubtype(type))
			.findFirst()
			.map((format) -> stream(request, format))
			.orElseGet(() -> page(request));
	}

	private Mono<ServerResponse> page(ServerRequest request) {
		int limit = limit(request);
		ReadFrom from = RequestedStart.ofPage(request, limit);
		if (isHead(request)) {
			return jsonHead().build();
		}
		return Mono.defer(() -> {
			HistoryPage page = new HistoryPage(this.encoder, limit);
			return this.log.read(from).takeUntil(page::add).then(Mono.fromSupplier(page::toJson));
		}).timeout(PATIENCE, Mono.error(this::unreachable)).flatMap(this::json);
	}

	private int limit(ServerRequest request) {
		Optional<String> limit = request.queryParam("limit");
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

	private Mono<ServerResponse> stream(ServerRequest request, LiveFormat format) {
		SubscriptionStart start = RequestedStart.ofStream(request);
		String client = Subscribers.client(request.remoteAddress().orElse(null));
		Reason refusal = this.streams.refusal(client);
		if (format != LiveFormat.SSE && refusal != null) {
			this.refusals.count(refusal);
			throw noPlace(refusal);
		}
		ServerResponse.BodyBuilder head = ServerResponse.ok()
			.contentType(format.mediaType())
			// What compresses on the way would hold messages back until its block is
			// full.
			.cacheControl(CacheControl.noCache().noTransform())
			// nginx would otherwise hold messages back until its buffer is full.
			.header("X-Accel-Buffering", "no");
		return isHead(request) ? head.build()
				: head.body((response, context) -> this.streams.serve(response, start, format, client));
	}

	private ProblemException noPlace(Reason refusal) {
		boolean perAddress = (refusal == Reason.SUBSCRIBERS_PER_ADDRESS);
		return new ProblemException(perAddress ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.SERVICE_UNAVAILABLE,
				perAddress
						? "Too many live streams come from this address: close one, or raise "
								+ "hello-stream.sse.max-subscribers-per-address."
						: "There is no place for another live stream here: try again in some seconds.")
			.header(HttpHeaders.RETRY_AFTER, "10");
	}

	Mono<ServerResponse> entry(ServerRequest request) {
		QueryParameters.check(request);
		ContentNegotiation.select(request, MediaType.APPLICATION_JSON);
		Position position = Position.parse(request.pathVariable("position")).orElseThrow(this::unknown);
		return this.log.find(position).timeout(PATIENCE, Mono.error(this::unreachable)).flatMap((item) -> {
			if (item instanceof LogEntry) {
				Frame frame = this.encoder.encode(item);
				return json(Arrays.copyOfRange(frame.line(), frame.lineStart(), frame.lineEnd()));
			}
			Position first = ((Gap) item).first();
			return Mono.error((first != null && position.offset() < first.offset()) ? gone(first) : unknown());
		});
	}

	/** A log that instances share can be out of reach. */
	private ProblemException unreachable() {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE,
				"The log cannot be read at present: try again in some seconds.")
			.header(HttpHeaders.RETRY_AFTER, "5");
	}

	private ProblemException unknown() {
		return new ProblemException(HttpStatus.NOT_FOUND,
				"There is no such entry here: send the id of an entry as it was received, such as 42.c01dcafe.");
	}

	private ProblemException gone(Position first) {
		return new ProblemException(HttpStatus.GONE,
				"This entry is older than what is kept. The oldest one there is %s.".formatted(first));
	}

	private Mono<ServerResponse> json(byte[] body) {
		return jsonHead().bodyValue(body);
	}

	private static ServerResponse.BodyBuilder jsonHead() {
		return ServerResponse.ok()
			.contentType(MediaType.APPLICATION_JSON)
			.header(HttpHeaders.CACHE_CONTROL, "no-cache");
	}

	Mono<ServerResponse> methodNotAllowed(ServerRequest request) {
		String allowed = request.path().equals("/messages") ? "GET, HEAD, POST" : "GET, HEAD";
		throw new ProblemException(HttpStatus.METHOD_NOT_ALLOWED,
				"%s is not possible here: use %s.".formatted(request.method(), allowed))
			.header(HttpHeaders.ALLOW, allowed);
	}

	private static boolean isHead(ServerRequest request) {
		return HttpMethod.HEAD.equals(request.method());
	}

}
