package dev.hellostream.testing;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

/**
 * The address of a test's broker on loopback. The user is guest, the password guest.
 *
 * @param ports the AMQP ports of its nodes
 * @param virtualHost the virtual host
 */
public record BrokerAddress(List<Integer> ports, String virtualHost) {

	public BrokerAddress(int port, String virtualHost) {
		this(List.of(port), virtualHost);
	}

	/**
	 * Find an address on which nothing listens yet.
	 * @return the address of a free port
	 */
	public static BrokerAddress unused() {
		return new BrokerAddress(FreePorts.find(1).get(0), "/");
	}

	/**
	 * The AMQP port of the only node.
	 * @return the port
	 */
	public int port() {
		if (this.ports.size() > 1) {
			throw new IllegalStateException("There are several ports: " + this.ports);
		}
		return this.ports.get(0);
	}

	/**
	 * Connect with the RabbitMQ Java client, without its automatic recovery: a test has
	 * to notice a lost connection.
	 * @return an open connection
	 * @throws IOException if the broker refuses
	 * @throws TimeoutException if it does not answer in time
	 */
	public Connection connect() throws IOException, TimeoutException {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setVirtualHost(this.virtualHost);
		factory.setAutomaticRecoveryEnabled(false);
		return factory.newConnection(this.ports.stream().map((port) -> new Address("127.0.0.1", port)).toList(),
				"test");
	}

	/**
	 * The arguments that make the application use this broker.
	 * @return its arguments
	 */
	public String[] applicationArguments() {
		String addresses = this.ports.stream().map((port) -> "127.0.0.1:" + port).collect(Collectors.joining(","));
		return new String[] { "--spring.profiles.active=rabbitmq", "--spring.rabbitmq.addresses=" + addresses,
				"--spring.rabbitmq.virtual-host=" + this.virtualHost };
	}

}
