package dev.hellostream.hello;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;

/**
 * Serves the fan-out at {@code /hello}.
 */
@Configuration(proxyBeanMethods = false)
class HelloConfiguration {

	@Bean
	FanOut fanOut(HelloSettings settings) {
		return new FanOut(settings);
	}

	@Bean
	RouterFunction<ServerResponse> helloRoutes(FanOut fanOut, JsonMapper json) {
		HelloHandler handler = new HelloHandler(fanOut, json);
		return RouterFunctions.route()
			.GET("/hello", handler::run)
			.HEAD("/hello", handler::describe)
			.route(path("/hello"), handler::refuse)
			.build();
	}

}
