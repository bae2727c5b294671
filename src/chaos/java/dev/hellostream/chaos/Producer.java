package dev.hellostream.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.testing.BrokerAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program of others that publishes numbered messages to the queue and relies on nothing
 * but the broker's confirms. What surely was not taken it publishes again. What may have
 * been taken or not it publishes again only if its messages have ids, by which the
 * repetition is recognised; otherwise it leaves it. What it has counted can be read by
 * any thread.
 */
final class Producer implements AutoCloseable {

	static final String QUEUE = "hello";

	private static final int BATCH = 200;

	/** How far it runs ahead of those who watch: a fault is to hit every stage. */
	private static final int AHEAD = 10_000;

	private static final Duration CONFIRM_LIMIT = Duration.ofSeconds(30);

	private static final Duration BROKER_LIMIT = Duration.ofMinutes(2);

	private static final Duration RETRY = Duration.ofMillis(100);

	private static final int CLOSE_MILLIS = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(Producer.class);

	private final Set<Integer> returned = ConcurrentHashMap.newKeySet();

	private final BitSet confirmed = new BitSet();

	private final BitSet unknown = new BitSet();

	private final BrokerAddress broker;

	private final MessageBodies bodies;

	private final boolean withIds;

	private volatile boolean closed;

	private @Nullable Connection connection;

	private @Nullable Channel channel;

	/**
	 * Create a producer, which is not connected yet.
	 * @param broker where it publishes
	 * @param bodies what it publishes
	 * @param withIds whether its messages have ids
	 */
	Producer(BrokerAddress broker, MessageBodies bodies, boolean withIds) {
		this.broker = broker;
		this.bodies = bodies;
		this.withIds = withIds;
	}

	/**
	 * Publish messages, from number 0 on.
	 * @param count how many
	 * @param seen how many those have seen who watch
	 */
	void publish(int count, IntSupplier seen) {
		for (int first = 0; first < count; first += BATCH) {
			int required = first - AHEAD;
			Wait.until("those who watch keep up", () -> seen.getAsInt() + unknown() >= required);
			publish(IntStream.range(first, Math.min(count, first + BATCH)).boxed().toList());
		}
	}

	/**
	 * Publish messages, and wait until their fate is known as far as it can be.
	 * @param numbers their numbers
	 */
	void publish(List<Integer> numbers) {
		List<Integer> left = numbers;
		while (!left.isEmpty()) {
			left = attempt(left);
			if (!left.isEmpty()) {
				Wait.pause(RETRY);
			}
		}
	}

	/** Publishes once, and returns what is to be published again. */
	private List<Integer> attempt(List<Integer> numbers) {
		Channel channel = channel();
		this.returned.clear();
		try {
			for (int number : numbers) {
				channel.basicPublish("", QUEUE, true, properties(number), this.bodies.body(number));
			}
			if (channel.waitForConfirms(CONFIRM_LIMIT.toMillis())) {
				// The broker returns a message before it confirms it.
				note(this.confirmed, numbers.stream().filter((number) -> !this.returned.contains(number)).toList());
				return List.copyOf(this.returned);
			}
		}
		catch (IOException | TimeoutException | ShutdownSignalException ex) {
			logger.debug("Not confirmed", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		disconnect();
		if (this.withIds) {
			return numbers;
		}
		note(this.unknown, numbers);
		return List.of();
	}

	private Channel channel() {
		long start = System.nanoTime();
		while (this.channel == null || !this.channel.isOpen()) {
			disconnect();
			if (this.closed) {
				throw new IllegalStateException("This producer is closed");
			}
			try {
				this.connection = this.broker.connect();
				Channel created = this.connection.createChannel();
				created.confirmSelect();
				created.addReturnListener((message) -> this.returned
					.add(this.bodies.number(new String(message.getBody(), StandardCharsets.US_ASCII))));
				this.channel = created;
			}
			catch (IOException | TimeoutException | ShutdownSignalException ex) {
				if (System.nanoTime() - start > BROKER_LIMIT.toNanos()) {
					throw new IllegalStateException("No broker for " + BROKER_LIMIT, ex);
				}
				Wait.pause(RETRY);
			}
		}
		return this.channel;
	}

	private BasicProperties properties(int number) {
		BasicProperties.Builder properties = new BasicProperties.Builder().deliveryMode(2).contentType("text/plain");
		if (this.withIds) {
			String key = this.bodies.key(number);
			properties.messageId(key).headers(Map.of("Idempotency-Key", key));
		}
		return properties.build();
	}

	private synchronized void note(BitSet fate, List<Integer> numbers) {
		numbers.forEach(fate::set);
	}

	/** The messages that the broker has confirmed: none of them may be lost. */
	synchronized BitSet confirmed() {
		return (BitSet) this.confirmed.clone();
	}

	/** How many messages have an unknown fate. */
	synchronized int unknown() {
		return this.unknown.cardinality();
	}

	/** Whether all messages have been given to somebody. */
	boolean hasEmptyQueue() {
		try {
			return channel().queueDeclarePassive(QUEUE).getMessageCount() == 0;
		}
		catch (IOException | ShutdownSignalException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		this.closed = true;
		disconnect();
	}

	private void disconnect() {
		if (this.connection != null) {
			this.connection.abort(CLOSE_MILLIS);
			this.connection = null;
			this.channel = null;
		}
	}

}
