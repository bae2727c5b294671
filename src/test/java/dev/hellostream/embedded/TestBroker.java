package dev.hellostream.embedded;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

/**
 * An embedded broker on a free port, for tests of its clients.
 */
public final class TestBroker implements AutoCloseable {

	private final EmbeddedBroker broker;

	private TestBroker(EmbeddedBroker broker) {
		this.broker = broker;
		broker.start();
	}

	/**
	 * Start a broker with the default limits.
	 * @return the broker, which listens
	 */
	public static TestBroker start() {
		return new TestBroker(new EmbeddedBroker(new EmbeddedBrokerSettings(0)));
	}

	/**
	 * Start a broker that makes publishers wait early.
	 * @param messages the number of waiting messages above which publishers wait
	 * @return the broker, which listens
	 */
	public static TestBroker withRoomFor(int messages) {
		return new TestBroker(
				new EmbeddedBroker(new EmbeddedBrokerSettings(0), new EmbeddedBrokerMemory(messages, 1 << 20)));
	}

	public int port() {
		return this.broker.port();
	}

	/**
	 * Connect without automatic recovery.
	 * @return an open connection
	 */
	public Connection connect() throws Exception {
		return connect(this.broker);
	}

	static Connection connect(EmbeddedBroker broker) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost("127.0.0.1");
		factory.setPort(broker.port());
		factory.setAutomaticRecoveryEnabled(false);
		return factory.newConnection();
	}

	@Override
	public void close() {
		this.broker.stop();
	}

}
