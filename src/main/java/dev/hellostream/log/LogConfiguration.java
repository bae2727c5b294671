package dev.hellostream.log;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures the log in memory, and the meters of either log.
 */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

	@Bean
	@ConditionalOnProperty(name = "hello-stream.log.store", havingValue = "memory", matchIfMissing = true)
	InMemoryMessageLog messageLog(LogSettings settings, DeliveryLag lag) {
		return new InMemoryMessageLog(settings, lag);
	}

	@Bean
	LogMetrics logMetrics(MessageLog log, LogSettings settings) {
		return new LogMetrics(log, settings);
	}

}
