package dev.hellostream.web;

import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Serves the description of the HTTP contract, whose media type
 * (<a href="https://www.rfc-editor.org/rfc/rfc9512#section-2.1">RFC 9512</a>) Spring's
 * static resources do not know, so that browsers would save it.
 */
@Configuration(proxyBeanMethods = false)
class Documents {

	@Bean
	RouterFunction<ServerResponse> openApi() {
		ClassPathResource document = new ClassPathResource("static/openapi.yaml");
		return RouterFunctions.route()
			.route(at("/openapi.yaml"),
					(request) -> ServerResponse.ok()
						.contentType(new MediaType("application", "yaml"))
						.cacheControl(CacheControl.noCache())
						.bodyValue(document))
			.route(RequestPredicates.path("/openapi.yaml"),
					(request) -> Mono.error(
							new ProblemException(HttpStatus.METHOD_NOT_ALLOWED, "This is a document: use GET or HEAD.")
								.header(HttpHeaders.ALLOW, "GET, HEAD")))
			.build();
	}

	/**
	 * Whatever is read at a path. Spring's own shorthand for GET would leave out HEAD.
	 * @param path the path
	 * @return the predicate
	 */
	static RequestPredicate at(String path) {
		return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path));
	}

}
