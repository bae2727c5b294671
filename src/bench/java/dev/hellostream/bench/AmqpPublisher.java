package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.BrokerAddress;

/**
 * Publishes to the queue of the application past the application, with confirms.
 */
final class AmqpPublisher {

	private static final String QUEUE = "hello";

	private static final int UNCONFIRMED = 1_000;

	private static final Duration CONFIRM_LIMIT = Duration.ofSeconds(30);

	private AmqpPublisher() {
	}

	/**
	 * Publish messages as fast as it goes, and wait until the broker has them.
	 * @param broker the broker
	 * @param first the number of the first
	 * @param count how many
	 */
	static void publish(BrokerAddress broker, long first, int count) {
		publish(broker, QUEUE, first, count, (i) -> {
		});
	}

	/**
	 * Publish messages past the queue, and wait until the broker has them.
	 * @param broker the broker
	 * @param stream the name of a stream
	 * @param count how many
	 */
	static void fill(BrokerAddress broker, String stream, int count) {
		publish(broker, stream, 0, count, (i) -> {
		});
	}

	/**
	 * Publish messages at a rate.
	 * @param broker the broker
	 * @param first the number of the first
	 * @param count how many
	 * @param perSecond the rate
	 */
	static void publish(BrokerAddress broker, long first, int count, int perSecond) {
		long start = System.nanoTime();
		publish(broker, QUEUE, first, count,
				(i) -> Await.moment(start + Duration.ofSeconds(1).toNanos() * i / perSecond));
	}

	private static void publish(BrokerAddress broker, String queue, long first, int count, IntConsumer before) {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.confirmSelect();
			for (int i = 0; i < count; i++) {
				before.accept(i);
				// With its id a message is recognised if it is delivered again.
				BasicProperties properties = new BasicProperties.Builder().contentType("application/json")
					.messageId("" + (first + i))
					.deliveryMode(2)
					.build();
				channel.basicPublish("", queue, true, properties, Message.now(first + i));
				if (i % UNCONFIRMED == UNCONFIRMED - 1) {
					channel.waitForConfirmsOrDie(CONFIRM_LIMIT.toMillis());
				}
			}
			channel.waitForConfirmsOrDie(CONFIRM_LIMIT.toMillis());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
