package dev.hellostream.log;

import dev.hellostream.broker.BrokerConnections;
import dev.hellostream.broker.ConfirmingChannel;
import dev.hellostream.broker.PublishSettings;
import reactor.core.scheduler.Schedulers;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Chooses the log of this instance.
 */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

	@Bean
	LogMetrics logMetrics(MeasuredLog log, LogSettings settings) {
		return new LogMetrics(log, settings);
	}

	/**
	 * The log in memory.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "hello-stream.log.store", havingValue = "memory", matchIfMissing = true)
	static class InMemory {

		@Bean
		InMemoryMessageLog messageLog(LogSettings settings) {
			return new InMemoryMessageLog(settings, Schedulers.parallel());
		}

	}

	/**
	 * The log in a stream of RabbitMQ.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "hello-stream.log.store", havingValue = "stream")
	static class Stream {

		/**
		 * A connection of its own: RabbitMQ ends the whole connection when a message is
		 * published to a stream that is being declared at the same moment.
		 */
		@Bean(defaultCandidate = false)
		CachingConnectionFactory appendConnections(CachingConnectionFactory connections,
				RabbitConnectionDetails details) {
			CachingConnectionFactory own = new CachingConnectionFactory(connections.getRabbitConnectionFactory());
			own.setAddresses(BrokerConnections.addresses(details));
			own.setConnectionNameStrategy((factory) -> "hello-stream log append");
			return own;
		}

		/** Not one that is injected where somebody wants to publish. */
		@Bean(defaultCandidate = false)
		ConfirmingChannel appendChannel(@Qualifier("appendConnections") CachingConnectionFactory connections,
				PublishSettings settings) {
			return ConfirmingChannel.inOrder(connections, settings);
		}

		@Bean
		RabbitStreamMessageLog messageLog(LogSettings settings, BrokerConnections connections,
				@Qualifier("appendChannel") ConfirmingChannel appendChannel) {
			return new RabbitStreamMessageLog(settings, connections, appendChannel, Schedulers.parallel());
		}

		@Bean
		StreamHealthIndicator logHealthIndicator(RabbitStreamMessageLog log, LogSettings settings) {
			return new StreamHealthIndicator(settings.stream().name(), log.tailReader());
		}

		@Bean
		StreamMetrics streamMetrics(RabbitStreamMessageLog log) {
			return new StreamMetrics(log);
		}

	}

}
