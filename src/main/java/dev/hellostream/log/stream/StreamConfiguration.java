package dev.hellostream.log.stream;

import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.PublishSettings;
import dev.hellostream.log.DeliveryLag;
import dev.hellostream.log.LogSettings;
import reactor.core.scheduler.Schedulers;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures the log in a RabbitMQ stream.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "hello-stream.log.store", havingValue = "stream")
class StreamConfiguration {

	/**
	 * Create connections for appends only: RabbitMQ closes the whole connection when a
	 * message is published to a RabbitMQ stream that is being declared at that moment.
	 */
	@Bean(defaultCandidate = false)
	CachingConnectionFactory appendConnections(CachingConnectionFactory connections, RabbitConnectionDetails details) {
		CachingConnectionFactory own = new CachingConnectionFactory(connections.getRabbitConnectionFactory());
		own.setAddresses(BrokerConnections.addresses(details));
		own.setConnectionNameStrategy((factory) -> "hello-stream log append");
		return own;
	}

	/** Not a default candidate: it must not be injected for other publishing. */
	@Bean(defaultCandidate = false)
	ConfirmingPublisher appendPublisher(@Qualifier("appendConnections") CachingConnectionFactory connections,
			PublishSettings settings) {
		return ConfirmingPublisher.inOrder(connections, settings);
	}

	@Bean
	RabbitStreamMessageLog messageLog(LogSettings settings, StreamSettings stream, BrokerConnections connections,
			@Qualifier("appendPublisher") ConfirmingPublisher appendPublisher, DeliveryLag lag) {
		return new RabbitStreamMessageLog(settings, stream, connections, appendPublisher, Schedulers.parallel(), lag);
	}

	@Bean
	StreamHealthIndicator logHealthIndicator(RabbitStreamMessageLog log, StreamSettings stream) {
		return new StreamHealthIndicator(stream.name(), log.tailReader());
	}

	@Bean
	StreamMetrics streamMetrics(RabbitStreamMessageLog log) {
		return new StreamMetrics(log);
	}

}
