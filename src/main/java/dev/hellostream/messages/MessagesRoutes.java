package dev.hellostream.messages;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Where messages are read. Functional endpoints: an annotated one costs a held request
 * two kilobytes more.
 */
@Configuration(proxyBeanMethods = false)
class MessagesRoutes {

	private static final RequestPredicate READ = RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD);

	private static final RequestPredicate POST = RequestPredicates.method(HttpMethod.POST);

	@Bean
	RouterFunction<ServerResponse> readMessages(MessagesHandler handler) {
		RequestPredicate messages = RequestPredicates.path("/messages");
		RequestPredicate entry = RequestPredicates.path("/messages/{position}");
		return RouterFunctions.route()
			.route(messages.and(READ), handler::messages)
			.route(entry.and(READ), handler::entry)
			.route(messages.and(READ.or(POST).negate()).or(entry.and(READ.negate())), handler::methodNotAllowed)
			.build();
	}

}
