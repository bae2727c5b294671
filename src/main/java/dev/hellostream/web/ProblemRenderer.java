package dev.hellostream.web;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.StringUtils;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Answers every failed request with a problem document, whatever its {@code Accept} says:
 * the caller must be able to read the error. An unexpected failure is logged, and
 * answered with a 500 without details.
 */
@Component
@Order(-2)
public class ProblemRenderer implements WebExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(ProblemRenderer.class);

	private final JsonMapper json;

	ProblemRenderer(JsonMapper json) {
		this.json = json;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		ServerHttpResponse response = exchange.getResponse();
		if (response.isCommitted()) {
			return Mono.error(failure);
		}
		ErrorResponse error = describe(exchange, failure);
		ProblemDetail problem = error.getBody();
		HttpHeaders headers = response.getHeaders();
		// The guard's headers stay, so that a page can read the problem, too.
		headers.clearContentHeaders();
		headers.putAll(error.getHeaders());
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.setCacheControl("no-store");
		response.setStatusCode(error.getStatusCode());
		byte[] body = document(this.json, problem);
		headers.setContentLength(body.length);
		if (HttpMethod.HEAD.equals(exchange.getRequest().getMethod())) {
			return response.setComplete();
		}
		DataBuffer buffer = response.bufferFactory().wrap(body);
		return response.writeWith(Mono.just(buffer));
	}

	/** Encode a problem as JSON, with a line feed for terminals. */
	public static byte[] document(JsonMapper json, ProblemDetail problem) {
		return (json.writeValueAsString(problem) + "\n").getBytes(StandardCharsets.UTF_8);
	}

	private ErrorResponse describe(ServerWebExchange exchange, Throwable failure) {
		if (failure instanceof ProblemException problem) {
			return problem;
		}
		if (failure instanceof MethodNotAllowedException refused) {
			return methodNotAllowed(refused, path(exchange));
		}
		if (failure instanceof NotAcceptableStatusException refused) {
			return notAcceptable(refused, exchange.getRequest().getHeaders());
		}
		if (failure instanceof InvalidMimeTypeException) {
			return unreadableAccept(failure);
		}
		if (failure instanceof ErrorResponse error && error.getStatusCode().is4xxClientError()) {
			if (error.getStatusCode().value() == HttpStatus.NOT_FOUND.value()) {
				error.getBody().setDetail("Nothing is served here. Try /, /hello, /messages or /openapi.yaml.");
			}
			return error;
		}
		// A client that disconnects while it sends its body is no failure of the server.
		if (!DisconnectedClientHelper.isClientDisconnectedException(failure)) {
			logger.error("{} {} failed", exchange.getRequest().getMethod(), path(exchange), failure);
		}
		return new ProblemException(HttpStatus.INTERNAL_SERVER_ERROR,
				"The server failed to answer. Its log, at this time, says why.");
	}

	private static ProblemException methodNotAllowed(MethodNotAllowedException refused, String path) {
		Set<HttpMethod> allowed = new TreeSet<>(refused.getSupportedMethods());
		if (allowed.contains(HttpMethod.GET)) {
			allowed.add(HttpMethod.HEAD);
		}
		String instead = allowed.stream()
			.filter((method) -> !method.equals(HttpMethod.HEAD))
			.map((method) -> method + " " + path)
			.collect(Collectors.joining(" or "));
		String publish = HttpMethod.POST.name().equals(refused.getHttpMethod())
				? " To publish a message, POST it to /messages." : "";
		return new ProblemException(HttpStatus.METHOD_NOT_ALLOWED,
				"%s is not possible here: use %s.%s".formatted(refused.getHttpMethod(), instead, publish))
			.header(HttpHeaders.ALLOW, StringUtils.collectionToDelimitedString(allowed, ", "));
	}

	private static ProblemException notAcceptable(NotAcceptableStatusException refused, HttpHeaders request) {
		try {
			request.getAccept();
		}
		catch (InvalidMediaTypeException ex) {
			return unreadableAccept(ex);
		}
		String available = refused.getSupportedMediaTypes()
			.stream()
			.sorted()
			.map(MediaType::toString)
			.collect(Collectors.joining(", "));
		return new ProblemException(HttpStatus.NOT_ACCEPTABLE,
				"Available as %s: send one of these in Accept.".formatted(available));
	}

	private static ProblemException unreadableAccept(Throwable cause) {
		return new ProblemException(HttpStatus.BAD_REQUEST,
				"The Accept header is not a list of at most 50 media types: send Accept: application/json, for example.",
				cause);
	}

	private String path(ServerWebExchange exchange) {
		// The path as it was sent: percent-encoded, it cannot forge a log line.
		String path = exchange.getRequest().getURI().getRawPath();
		byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
		return new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.US_ASCII);
	}

}
