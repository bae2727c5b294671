package dev.hellostream.testing;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

/**
 * Where a broker of the tests listens, on loopback, for guest with the password guest.
 *
 * @param port the AMQP port
 * @param virtualHost the virtual host
 */
public record BrokerAddress(int port, String virtualHost) {

	/**
	 * An address on which nothing listens yet.
	 * @return a free port's address
	 */
	public static BrokerAddress unused() {
		return new BrokerAddress(FreePorts.find(1).get(0), "/");
	}

	/**
	 * Connect with the RabbitMQ team's own client, without its automatic recovery: a test
	 * wants to see what breaks.
	 * @return an open connection
	 * @throws IOException if the broker refuses
	 * @throws TimeoutException if it does not answer in time
	 */
	public Connection connect() throws IOException, TimeoutException {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost("127.0.0.1");
		factory.setPort(this.port);
		factory.setVirtualHost(this.virtualHost);
		factory.setAutomaticRecoveryEnabled(false);
		return factory.newConnection("test");
	}

	/**
	 * The arguments that make the application use this broker.
	 * @return its arguments
	 */
	public String[] applicationArguments() {
		return new String[] { "--spring.profiles.active=rabbitmq", "--spring.rabbitmq.host=127.0.0.1",
				"--spring.rabbitmq.port=" + this.port, "--spring.rabbitmq.virtual-host=" + this.virtualHost };
	}

}
