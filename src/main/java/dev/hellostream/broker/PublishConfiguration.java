package dev.hellostream.broker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;

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
	MeterBinder publishMetrics(ConfirmingChannel channel) {
		return (registry) -> Gauge.builder("hello.stream.publish.outstanding", channel, ConfirmingChannel::outstanding)
			.description("Messages that wait to be written to the broker or to be confirmed by it")
			.register(registry);
	}

}
