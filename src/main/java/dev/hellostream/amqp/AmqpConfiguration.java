package dev.hellostream.amqp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.rabbitmq.client.Address;
import io.netty.util.concurrent.ImmediateEventExecutor;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The connections to the broker, and the publisher of posted messages and dead letters.
 */
@Configuration(proxyBeanMethods = false)
class AmqpConfiguration {

	/**
	 * In bytes: the AMQP client decodes headers recursively, and a frame of 128 KB can
	 * nest tables 20,000 deep. The memory is used only when such a header arrives.
	 */
	private static final long DEEP_STACK = 64L << 20;

	private static final int MAX_WAITING = 10_000;

	private static final int HEAP_SHARE = 16;

	@Bean
	ConnectionFactoryCustomizer connectionThreads() {
		return (factory) -> {
			factory.setExceptionHandler(new QuietExceptionHandler());
			factory.setThreadFactory((task) -> new Thread(null, task, "amqp", DEEP_STACK));
		};
	}

	@Bean
	BrokerConnections brokerConnections(CachingConnectionFactory connections, RabbitConnectionDetails details) {
		return (name) -> {
			List<Address> addresses = new ArrayList<>();
			details.getAddresses().forEach((each) -> addresses.add(new Address(each.host(), each.port())));
			// Shuffled, since a node without a replica refuses a RabbitMQ stream.
			Collections.shuffle(addresses);
			return connections.getRabbitConnectionFactory()
				.newConnection(ImmediateEventExecutor.INSTANCE, addresses, name);
		};
	}

	@Bean
	ConfirmingPublisher confirmingPublisher(ConnectionFactory connections, PublishSettings settings) {
		long maxBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
		return new ConfirmingPublisher(connections, settings, new PublicationQueue(MAX_WAITING, maxBytes));
	}

}
