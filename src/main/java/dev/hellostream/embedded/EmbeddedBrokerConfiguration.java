package dev.hellostream.embedded;

import java.util.List;

import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Provides the connection details of the embedded broker, in place of
 * {@code spring.rabbitmq.*}. They depend on the broker bean, so the broker starts before
 * the first connection and stops after the last.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!rabbitmq")
class EmbeddedBrokerConfiguration {

	@Bean(initMethod = "start", destroyMethod = "stop")
	EmbeddedBroker embeddedBroker(EmbeddedBrokerSettings settings) {
		return new EmbeddedBroker(settings);
	}

	@Bean
	RabbitConnectionDetails embeddedBrokerConnectionDetails(EmbeddedBroker broker) {
		return new RabbitConnectionDetails() {

			@Override
			public String getUsername() {
				return EmbeddedBroker.USER;
			}

			@Override
			public String getPassword() {
				return EmbeddedBroker.USER;
			}

			@Override
			public List<Address> getAddresses() {
				return List.of(new Address("127.0.0.1", broker.port()));
			}

		};
	}

}
