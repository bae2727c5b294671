package dev.hellostream.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Serves the description of the HTTP contract. A static file would do, were it not for
 * its media type (<a href="https://www.rfc-editor.org/rfc/rfc9512#section-2.1">RFC
 * 9512</a>), which Spring does not know: browsers would save the file instead of showing
 * it to tools.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiDocument {

	private static final MediaType YAML = new MediaType("application", "yaml");

	@Bean
	RouterFunction<ServerResponse> openApi() {
		Resource document = new ClassPathResource("static/openapi.yaml");
		return RouterFunctions.route()
			.route(RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD)
				.and(RequestPredicates.path("/openapi.yaml")),
					(request) -> ServerResponse.ok()
						.contentType(YAML)
						.cacheControl(CacheControl.noCache())
						.bodyValue(document))
			.build();
	}

}
