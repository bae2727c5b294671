package dev.hellostream.publish;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Where messages are published.
 */
@Configuration(proxyBeanMethods = false)
class PublishRoutes {

	@Bean
	RouterFunction<ServerResponse> publishMessages(PublishHandler handler) {
		return RouterFunctions.route().POST("/messages", handler::publish).build();
	}

}
