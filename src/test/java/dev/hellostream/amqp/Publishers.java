package dev.hellostream.amqp;

import java.time.Duration;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.util.unit.DataSize;

/**
 * Started publishers for tests. Each test stops its own.
 */
public final class Publishers {

	private Publishers() {
	}

	/**
	 * Start a publisher as the application has it.
	 * @param connections the connections to the broker
	 * @param confirmTimeout the time limit of a confirm
	 * @return the publisher
	 */
	public static ConfirmingPublisher start(ConnectionFactory connections, Duration confirmTimeout) {
		ConfirmingPublisher publisher = new ConfirmingPublisher(connections, settings(confirmTimeout),
				new PublicationQueue(10_000, 16 << 20));
		publisher.start();
		return publisher;
	}

	/**
	 * Start a publisher as the log in a RabbitMQ stream has it.
	 * @param connections the connections to the broker
	 * @return the publisher
	 */
	public static ConfirmingPublisher startInOrder(ConnectionFactory connections) {
		ConfirmingPublisher publisher = ConfirmingPublisher.inOrder(connections, settings(Duration.ofSeconds(5)));
		publisher.start();
		return publisher;
	}

	static PublishSettings settings(Duration confirmTimeout) {
		return new PublishSettings(confirmTimeout, DataSize.ofMegabytes(1), 512, Duration.ofMinutes(1));
	}

}
