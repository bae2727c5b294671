package dev.hellostream.web.guard;

import java.time.Duration;
import java.util.List;

import dev.hellostream.web.Refusals;
import dev.hellostream.web.SecurityHeaders;
import dev.hellostream.web.WebSettings;
import dev.hellostream.web.guard.RequestPolicy.Refusal;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsProcessor;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Filters every request, those to the actuator included: sets the security headers on the
 * response, and refuses what {@link RequestPolicy} refuses. Authentication, once there is
 * any, is the next filter.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestGuard implements WebFilter {

	private final RequestPolicy policy;

	private final Refusals refusals;

	private final CorsProcessor corsProcessor = new DefaultCorsProcessor();

	private final @Nullable CorsConfiguration cors;

	RequestGuard(WebSettings settings, Refusals refusals) {
		this.policy = new RequestPolicy(settings);
		this.refusals = refusals;
		this.cors = settings.allowedOrigins().isEmpty() ? null : cors(settings.allowedOrigins());
	}

	private static CorsConfiguration cors(List<String> origins) {
		CorsConfiguration cors = new CorsConfiguration();
		cors.setAllowedOrigins(origins);
		cors.setAllowedMethods(List.of("GET", "HEAD", "POST"));
		cors.setAllowedHeaders(List.of("Accept", "Content-Type", "Idempotency-Key", "Last-Event-ID"));
		cors.setExposedHeaders(List.of("Accept-Post", "Allow", "Retry-After"));
		cors.setMaxAge(Duration.ofHours(1));
		return cors;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpResponse response = exchange.getResponse();
		SecurityHeaders.setOn(response.getHeaders());
		response.beforeCommit(() -> complete(response));
		ServerHttpRequest request = exchange.getRequest();
		Refusal refusal = this.policy.refusal(request.getMethod(), request.getURI(), target(request),
				request.getHeaders());
		if (refusal == null && this.cors != null) {
			if (this.policy.isAllowedOrigin(request.getHeaders().getOrigin())) {
				if (!this.corsProcessor.process(this.cors, exchange)) {
					refusal = Refusal.foreignOrigin();
				}
				else if (CorsUtils.isPreFlightRequest(request)) {
					return exchange.getResponse().setComplete();
				}
			}
		}
		if (refusal != null) {
			this.refusals.count(refusal.reason());
			return Mono.error(refusal.toProblem());
		}
		return chain.filter(exchange);
	}

	private Mono<Void> complete(ServerHttpResponse response) {
		// A response with a Vary of its own replaces what was set before it.
		if (this.cors != null && !response.getHeaders().getVary().contains(HttpHeaders.ORIGIN)) {
			response.getHeaders().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
		}
		// The actuator answers 404 without a body if a component of health is unknown.
		boolean bare = response.getStatusCode() == HttpStatus.NOT_FOUND
				&& response.getHeaders().getContentType() == null;
		return bare ? Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND)) : Mono.empty();
	}

	private static String target(ServerHttpRequest request) {
		Object nativeRequest = ServerHttpRequestDecorator.getNativeRequest(request);
		return (nativeRequest instanceof HttpServerRequest http) ? http.uri() : request.getPath().value();
	}

}
