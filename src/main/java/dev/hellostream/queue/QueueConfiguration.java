package dev.hellostream.queue;

import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.embedded.EmbeddedBroker;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Creates the watch over the queue.
 */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

	@Bean
	QueueWatch queueWatch(ConnectionFactory connections, RabbitConnectionDetails details, QueueSettings settings,
			ObjectProvider<EmbeddedBroker> embeddedBroker, @Value("${hello-stream.log.store:memory}") String logStore,
			ApplicationEventPublisher events) {
		return new QueueWatch(connections, BrokerConnections.addresses(details), settings,
				embeddedBroker.getIfAvailable() != null, logStore.equalsIgnoreCase("stream"), events);
	}

}
