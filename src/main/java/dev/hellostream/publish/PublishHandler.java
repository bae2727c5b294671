package dev.hellostream.publish;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.PublishSettings;
import dev.hellostream.web.ProblemException;
import dev.hellostream.web.QueryParameters;
import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.AlternativeJdkIdGenerator;
import org.springframework.util.IdGenerator;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Answers {@code POST /messages}: the body is the message, or a message a line.
 */
@Component
class PublishHandler {

	/** AMQP 0-9-1 has message ids of at most 255 bytes. */
	private static final int LONGEST_ID = 255;

	/** What {@code /<n>} takes of the id of a line. */
	private static final int LINE_SUFFIX = 20;

	/** Java's own random UUIDs read the system's entropy, which can block. */
	private final IdGenerator ids = new AlternativeJdkIdGenerator();

	private final QueuePublisher publisher;

	private final LinePublisher lines;

	private final DataSize maxSize;

	private final Duration readTimeout;

	private final Refusals refusals;

	private final JsonMapper json;

	PublishHandler(QueuePublisher publisher, LinePublisher lines, PublishSettings settings, Refusals refusals,
			JsonMapper json) {
		this.publisher = publisher;
		this.lines = lines;
		this.maxSize = settings.maxSize();
		this.readTimeout = settings.readTimeout();
		this.refusals = refusals;
		this.json = json;
	}

	Mono<ServerResponse> publish(ServerRequest request) {
		QueryParameters.check(request);
		MediaType type = contentType(request);
		if (MediaType.APPLICATION_NDJSON.equalsTypeAndSubtype(type)) {
			String id = id(request, LONGEST_ID - LINE_SUFFIX);
			return this.publisher.requireUsable()
				.then(Mono.defer(() -> ServerResponse.ok()
					.contentType(MediaType.APPLICATION_NDJSON)
					.header("X-Accel-Buffering", "no")
					.body((response, context) -> response.writeAndFlushWith(this.lines.publish(id,
							request.body(BodyExtractors.toDataBuffers()), response.bufferFactory())))));
		}
		MessageBody.checkType(type, request.uri());
		String id = id(request, LONGEST_ID);
		if (request.headers().contentLength().orElse(0) > this.maxSize.toBytes()) {
			throw tooLarge(null);
		}
		return body(request).doOnNext((body) -> MessageBody.check(type, body, request.uri()))
			.flatMap((body) -> this.publisher.publish(id, type, body))
			.then(Mono.defer(() -> ServerResponse.accepted()
				.contentType(MediaType.APPLICATION_JSON)
				.bodyValue(this.json.writeValueAsString(Map.of("messageId", id)) + "\n")));
	}

	private MediaType contentType(ServerRequest request) {
		try {
			MediaType type = request.headers()
				.contentType()
				.orElseThrow(() -> MessageBody.unsupported("The content type is missing.", request.uri()));
			// What curl -d says by itself. The guard keeps the forms of other sites out.
			return MediaType.APPLICATION_FORM_URLENCODED.equalsTypeAndSubtype(type)
					? new MediaType(MediaType.TEXT_PLAIN, type.getParameters()) : type;
		}
		catch (InvalidMediaTypeException ex) {
			throw MessageBody.unsupported("The content type cannot be read.", request.uri());
		}
	}

	private String id(ServerRequest request, int longest) {
		String key = request.headers().firstHeader(ConfirmingPublisher.IDEMPOTENCY_KEY);
		if (key == null) {
			return this.ids.generateId().toString();
		}
		if (!key.matches("[\\x21-\\x7e]{1," + longest + "}")) {
			throw new ProblemException(HttpStatus.BAD_REQUEST,
					"An Idempotency-Key has 1 to %d visible ASCII characters: a UUID, for example.".formatted(longest));
		}
		return key;
	}

	private Mono<byte[]> body(ServerRequest request) {
		return DataBufferUtils.join(request.body(BodyExtractors.toDataBuffers()), (int) this.maxSize.toBytes())
			.map(PublishHandler::bytes)
			.defaultIfEmpty(new byte[0])
			.timeout(this.readTimeout)
			.onErrorMap(TimeoutException.class, this::late)
			.onErrorMap(DataBufferLimitException.class, this::tooLarge);
	}

	private ProblemException late(Throwable cause) {
		this.refusals.count(Reason.BODY_TIMEOUT);
		return new ProblemException(HttpStatus.REQUEST_TIMEOUT,
				"The body was not there after %d s: send it again, or raise hello-stream.publish.read-timeout."
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

}
