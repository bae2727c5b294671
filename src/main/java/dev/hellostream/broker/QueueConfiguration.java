package dev.hellostream.broker;

import java.util.stream.Collectors;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The queue, and how it shows in health.
 */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

	@Bean
	AdoptedQueue adoptedQueue(ConnectionFactory connections, RabbitConnectionDetails details, QueueSettings settings,
			ObjectProvider<EmbeddedBroker> embeddedBroker, ApplicationEventPublisher events) {
		return new AdoptedQueue(connections, addresses(details), settings, embeddedBroker.getIfAvailable() != null,
				events);
	}

	/** The addresses of the broker, as {@code host:port,host:port}. */
	static String addresses(RabbitConnectionDetails details) {
		return details.getAddresses()
			.stream()
			.map((address) -> address.host() + ":" + address.port())
			.collect(Collectors.joining(","));
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
