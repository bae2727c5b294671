package dev.hellostream.publish;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.PublishSettings;
import dev.hellostream.web.ProblemException;
import dev.hellostream.web.QueryParameters;
import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers {@code POST /messages}: the body is one message, or one message on each line.
 */
@RestController
@RequestMapping("/messages")
class PublishController {

	/** AMQP 0-9-1 limits message ids to 255 bytes. */
	private static final int LONGEST_ID = 255;

	/** Bytes of a line's message id that are reserved for {@code /<n>}. */
	private static final int LINE_SUFFIX = 20;

	/** {@code UUID.randomUUID()} reads the system's entropy, which can block. */
	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	private final QueuePublisher publisher;

	private final LinePublisher lines;

	private final DataSize maxSize;

	private final Duration readTimeout;

	private final Refusals refusals;

	PublishController(QueuePublisher publisher, LinePublisher lines, PublishSettings settings, Refusals refusals) {
		this.publisher = publisher;
		this.lines = lines;
		this.maxSize = settings.maxSize();
		this.readTimeout = settings.readTimeout();
		this.refusals = refusals;
	}

	@PostMapping
	Mono<ResponseEntity<Accepted>> publish(ServerHttpRequest request) {
		QueryParameters.check(request);
		MediaType type = contentType(request);
		MessageBody.checkType(type, request.getURI());
		String id = id(request, LONGEST_ID);
		if (request.getHeaders().getContentLength() > this.maxSize.toBytes()) {
			throw tooLarge(null);
		}
		return body(request).doOnNext((body) -> MessageBody.check(type, body, request.getURI()))
			.flatMap((body) -> this.publisher.publish(id, type, body))
			.thenReturn(ResponseEntity.accepted().contentType(MediaType.APPLICATION_JSON).body(new Accepted(id)));
	}

	@PostMapping(consumes = MediaType.APPLICATION_NDJSON_VALUE)
	Mono<Void> publishLines(ServerHttpRequest request, ServerHttpResponse response) {
		QueryParameters.check(request);
		String id = id(request, LONGEST_ID - LINE_SUFFIX);
		return this.publisher.requireUsable().then(Mono.defer(() -> {
			response.getHeaders().setContentType(MediaType.APPLICATION_NDJSON);
			response.getHeaders().set("X-Accel-Buffering", "no");
			return response.writeAndFlushWith(this.lines.publish(id, request.getBody(), response.bufferFactory()));
		}));
	}

	private MediaType contentType(ServerHttpRequest request) {
		try {
			MediaType type = request.getHeaders().getContentType();
			if (type == null) {
				throw MessageBody.unsupported("The content type is missing.", request.getURI());
			}
			// The default type of curl -d. The guard refuses forms from other sites.
			return MediaType.APPLICATION_FORM_URLENCODED.equalsTypeAndSubtype(type)
					? new MediaType(MediaType.TEXT_PLAIN, type.getParameters()) : type;
		}
		catch (InvalidMediaTypeException ex) {
			throw MessageBody.unsupported("The content type cannot be read.", request.getURI());
		}
	}

	private String id(ServerHttpRequest request, int longest) {
		String key = request.getHeaders().getFirst(ConfirmingPublisher.IDEMPOTENCY_KEY);
		if (key == null) {
			return this.ids.generateId().toString();
		}
		if (!key.matches("[\\x21-\\x7e]{1," + longest + "}")) {
			throw new ProblemException(HttpStatus.BAD_REQUEST,
					"An Idempotency-Key has 1 to %d visible ASCII characters: a UUID, for example.".formatted(longest));
		}
		return key;
	}

	private Mono<byte[]> body(ServerHttpRequest request) {
		return DataBufferUtils.join(request.getBody(), (int) this.maxSize.toBytes())
			.map(PublishController::bytes)
			.defaultIfEmpty(new byte[0])
			.timeout(this.readTimeout)
			.onErrorMap(TimeoutException.class, this::late)
			.onErrorMap(DataBufferLimitException.class, this::tooLarge);
	}

	private ProblemException late(Throwable cause) {
		this.refusals.count(Reason.BODY_TIMEOUT);
		return new ProblemException(HttpStatus.REQUEST_TIMEOUT,
				"The body was incomplete after %d s: send it again, or raise hello-stream.publish.read-timeout."
					.formatted(this.readTimeout.toSeconds()),
				cause)
			.header(HttpHeaders.CONNECTION, "close");
	}

	private ProblemException tooLarge(@Nullable Throwable cause) {
		this.refusals.count(Reason.MESSAGE_SIZE);
		return new ProblemException(HttpStatus.CONTENT_TOO_LARGE,
				"A message may have %s: send less, or raise hello-stream.publish.max-size."
					.formatted(readable(this.maxSize)),
				cause);
	}

	private static String readable(DataSize size) {
		String bytes = String.format(Locale.ROOT, "%,d bytes", size.toBytes());
		return (size.toBytes() % DataSize.ofMegabytes(1).toBytes() == 0) ? size.toMegabytes() + " MB (" + bytes + ")"
				: bytes;
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	/**
	 * Answer to a message that the broker has confirmed.
	 *
	 * @param messageId the message's id
	 */
	record Accepted(String messageId) {
	}

}
