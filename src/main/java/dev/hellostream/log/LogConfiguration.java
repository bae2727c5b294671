package dev.hellostream.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Chooses the log of this instance.
 */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(LogConfiguration.class);

	@Bean
	MessageLog messageLog(LogSettings settings, Environment environment) {
		if (environment.acceptsProfiles(Profiles.of("rabbitmq"))) {
			logger.warn("The log is kept in the memory of this instance: history ends with the process, "
					+ "and a browser resumes on this instance only.");
		}
		return new InMemoryMessageLog(settings, Schedulers.parallel());
	}

}
