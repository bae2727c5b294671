package dev.hellostream.consume;

import dev.hellostream.broker.AdoptedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The one consumer of this instance.
 */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(ListenerConfiguration.class);

	/**
	 * A delivery is under way until it has been read back from the log, so that this many
	 * a round trip is the most that can be consumed.
	 */
	static final int PREFETCH = 1000;

	private static final int HEAP_SHARE = 8;

	@Bean
	DeliveryMemory deliveryMemory() {
		return new DeliveryMemory(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
	}

	@Bean
	ConnectionFactoryCustomizer boundedDeliveries(DeliveryMemory memory) {
		return (connections) -> connections.setTrafficListener(memory);
	}

	@Bean
	SimpleMessageListenerContainer queueListenerContainer(ConnectionFactory connectionFactory, AdoptedQueue queue,
			QueueListener listener) {
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(connectionFactory);
		container.setQueueNames(queue.name());
		container.setMessageListener(listener);
		container.setAcknowledgeMode(AcknowledgeMode.MANUAL);
		container.setConcurrentConsumers(1);
		container.setPrefetchCount(PREFETCH);
		container.setConsumerTagStrategy((name) -> DeliveryMemory.newConsumerTag());
		container.setMessagePropertiesConverter(new DeliveryProperties());
		// A header of the producer's could have Spring take the body apart.
		container.setDeBatchingEnabled(false);
		container.setAutoDeclare(false);
		// Started when the queue is there; see ListenerStart.
		container.setAutoStartup(false);
		// The queue may come later than the application, or come back.
		container.setMissingQueuesFatal(false);
		container.setDeclarationRetries(0);
		ExponentialBackOff backOff = new ExponentialBackOff(500, 1.5);
		backOff.setMaxInterval(5_000);
		container.setRecoveryBackOff(backOff);
		// What is prefetched at the end stays the queue's.
		container.setForceStop(true);
		// Spring would end the process; a producer must not be able to do that.
		container.setJavaLangErrorHandler((error) -> logger.error("The listener failed and begins anew", error));
		return container;
	}

}
