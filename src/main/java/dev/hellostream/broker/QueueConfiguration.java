package dev.hellostream.broker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The queue, and how it shows in metrics and health.
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

	@Bean
	MeterBinder queueMetrics(AdoptedQueue queue) {
		return (registry) -> {
			Gauge.builder("hello.stream.queue.consumers", queue, (current) -> current.status().consumers())
				.description("Consumers of the queue, this application's included")
				.register(registry);
			Gauge.builder("hello.stream.queue.messages", queue, (current) -> current.status().messages())
				.description("Messages that wait in the queue")
				.register(registry);
		};
	}

}
