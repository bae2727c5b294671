package dev.hellostream.broker;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The queue, and how it shows in health.
 */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

	@Bean
	AdoptedQueue adoptedQueue(ConnectionFactory connections, QueueSettings settings,
			ObjectProvider<EmbeddedBroker> embeddedBroker, ApplicationEventPublisher events) {
		return new AdoptedQueue(connections, settings, embeddedBroker.getIfAvailable() != null, events);
	}

	@Bean
	QueueHealthIndicator queueHealthIndicator(AdoptedQueue queue) {
		return new QueueHealthIndicator(queue);
	}

	@Bean
	ConnectionFactoryCustomizer quietConnections() {
		return (factory) -> factory.setExceptionHandler(new QuietExceptionHandler());
	}

}
