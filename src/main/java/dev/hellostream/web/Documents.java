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
 * Serves the two documents that Spring's static resources would not serve rightly: the
 * page, which a HEAD request would not find, and the description of the HTTP contract,
 * whose media type (<a href="https://www.rfc-editor.org/rfc/rfc9512#section-2.1">RFC
 * 9512</a>) Spring does not know, so that browsers would save it.
 */
@Configuration(proxyBeanMethods = false)
class Documents {

	private static final RequestPredicate READ = RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD);

	@Bean
	RouterFunction<ServerResponse> page() {
		return document("/", "static/index.html", MediaType.TEXT_HTML);
	}

	@Bean
	RouterFunction<ServerResponse> openApi() {
		return document("/openapi.yaml", "static/openapi.yaml", new MediaType("application", "yaml"));
	}

	private RouterFunction<ServerResponse> document(String path, String resource, MediaType type) {
		ClassPathResource document = new ClassPathResource(resource);
		return RouterFunctions.route()
			.route(READ.and(RequestPredicates.path(path)),
					(request) -> ServerResponse.ok()
						.contentType(type)
						.cacheControl(CacheControl.noCache())
						.bodyValue(document))
			.route(RequestPredicates.path(path),
					(request) -> Mono.error(
							new ProblemException(HttpStatus.METHOD_NOT_ALLOWED, "This is a document: use GET or HEAD.")
								.header(HttpHeaders.ALLOW, "GET, HEAD")))
			.build();
	}

}
