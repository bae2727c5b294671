package dev.hellostream.consume;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.hellostream.broker.AdoptedQueue;
import dev.hellostream.broker.QueueAvailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The one consumer of this instance.
 */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(ListenerConfiguration.class);

	private static final int PREFETCH = 250;

	@Bean
	SimpleMessageListenerContainer queueListenerContainer(ConnectionFactory connectionFactory, AdoptedQueue queue,
			QueueListener listener) {
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(connectionFactory);
		container.setQueueNames(queue.name());
		container.setMessageListener(listener);
		container.setAcknowledgeMode(AcknowledgeMode.MANUAL);
		container.setConcurrentConsumers(1);
		container.setPrefetchCount(PREFETCH);
		container.setAutoDeclare(false);
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

	@Bean
	ListenerRestart listenerRestart(SimpleMessageListenerContainer container) {
		return new ListenerRestart(container, new AtomicBoolean());
	}

	/**
	 * Begins to consume anew when the queue is there again: the embedded broker does not
	 * tell a consumer that its queue has gone.
	 */
	record ListenerRestart(SimpleMessageListenerContainer container, AtomicBoolean seen) {

		@EventListener
		void restart(QueueAvailable event) {
			boolean consumesAlready = !this.seen.getAndSet(true) && this.container.getActiveConsumerCount() > 0;
			if (this.container.isRunning() && !consumesAlready) {
				this.container.stop();
				this.container.start();
			}
		}

	}

}
