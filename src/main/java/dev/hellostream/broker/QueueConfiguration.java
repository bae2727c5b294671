package dev.hellostream.broker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.rabbitmq.client.Address;
import io.netty.util.concurrent.ImmediateEventExecutor;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
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

	/**
	 * The AMQP client decodes headers recursively, and a frame of 128 KB has room for
	 * tables that are nested 20,000 deep. Memory is used only where such a header comes.
	 */
	private static final long DEEP_STACK = 64L << 20;

	@Bean
	AdoptedQueue adoptedQueue(ConnectionFactory connections, RabbitConnectionDetails details, QueueSettings settings,
			ObjectProvider<EmbeddedBroker> embeddedBroker, @Value("${hello-stream.log.store:memory}") String logStore,
			ApplicationEventPublisher events) {
		return new AdoptedQueue(connections, BrokerConnections.addresses(details), settings,
				embeddedBroker.getIfAvailable() != null, logStore.equalsIgnoreCase("stream"), events);
	}

	@Bean
	QueueHealthIndicator queueHealthIndicator(AdoptedQueue queue) {
		return new QueueHealthIndicator(queue);
	}

	@Bean
	BrokerConnections brokerConnections(CachingConnectionFactory connections, RabbitConnectionDetails details) {
		return (name) -> {
			List<Address> addresses = new ArrayList<>();
			details.getAddresses().forEach((each) -> addresses.add(new Address(each.host(), each.port())));
			// Not always the same node first: one without a replica refuses a stream.
			Collections.shuffle(addresses);
			return connections.getRabbitConnectionFactory()
				.newConnection(ImmediateEventExecutor.INSTANCE, addresses, name);
		};
	}

	@Bean
	ConnectionFactoryCustomizer connectionThreads() {
		return (factory) -> {
			factory.setExceptionHandler(new QuietExceptionHandler());
			factory.setThreadFactory((task) -> new Thread(null, task, "amqp", DEEP_STACK));
		};
	}

}
