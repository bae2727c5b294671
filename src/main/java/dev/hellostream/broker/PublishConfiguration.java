package dev.hellostream.broker;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The one channel that everything is published over.
 */
@Configuration(proxyBeanMethods = false)
class PublishConfiguration {

	private static final int MAX_WAITING = 10_000;

	private static final int HEAP_SHARE = 16;

	@Bean
	ConfirmingChannel confirmingChannel(ConnectionFactory connections, PublishSettings settings) {
		long maxBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
		return new ConfirmingChannel(connections, settings, new PublicationQueue(MAX_WAITING, maxBytes));
	}

	@Bean
	PublishHealthIndicator publishHealthIndicator(ConfirmingChannel channel, AdoptedQueue queue) {
		return new PublishHealthIndicator(channel, queue);
	}

}
