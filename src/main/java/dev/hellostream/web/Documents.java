package dev.hellostream.web;

import java.nio.charset.StandardCharsets;

import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Serves the description of the HTTP contract under its media type
 * (<a href="https://www.rfc-editor.org/rfc/rfc9512#section-2.1">RFC 9512</a>), and as
 * text to browsers, which save what they cannot show.
 */
@Configuration(proxyBeanMethods = false)
class Documents {

	private static final MediaType YAML = new MediaType("application", "yaml");

	private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

	@Bean
	RouterFunction<ServerResponse> openApi() {
		ClassPathResource document = new ClassPathResource("static/openapi.yaml");
		return readable("/openapi.yaml",
				(request) -> ServerResponse.ok()
					.contentType(asksForPage(request) ? TEXT : YAML)
					.cacheControl(CacheControl.noCache())
					.varyBy(HttpHeaders.ACCEPT)
					.bodyValue(document));
	}

	private static boolean asksForPage(ServerRequest request) {
		return ContentNegotiation.accepted(request).stream().anyMatch(MediaType.TEXT_HTML::equalsTypeAndSubtype);
	}

	/**
	 * Routes to a document, which can be read and nothing else.
	 * @param path where it is
	 * @param read answers GET and HEAD
	 * @return the routes
	 */
	static RouterFunction<ServerResponse> readable(String path, HandlerFunction<ServerResponse> read) {
		RequestPredicate reads = RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD);
		return RouterFunctions.route()
			.route(reads.and(RequestPredicates.path(path)), read)
			.route(RequestPredicates.path(path),
					(request) -> Mono.error(
							new ProblemException(HttpStatus.METHOD_NOT_ALLOWED, "This is a document: use GET or HEAD.")
								.header(HttpHeaders.ALLOW, "GET, HEAD")))
			.build();
	}

}
