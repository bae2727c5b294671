package dev.hellostream.amqp;

import java.time.Duration;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.util.unit.DataSize;

/**
 * Publishers for tests, started. A test stops its own.
 */
public final class Publishers {

	private Publishers() {
	}

	/**
	 * One as the application has it.
	 * @param connections where to connect to
	 * @param confirmTimeout how long to wait for a confirm
	 * @return the publisher
	 */
	public static ConfirmingPublisher start(ConnectionFactory connections, Duration confirmTimeout) {
		ConfirmingPublisher publisher = new ConfirmingPublisher(connections, settings(confirmTimeout),
				new PublicationQueue(10_000, 16 << 20));
		publisher.start();
		return publisher;
	}

	/**
	 * One as the log in a stream has it.
	 * @param connections where to connect to
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
