package dev.hellostream.log.stream;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.amqp.BrokerConnections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of the RabbitMQ stream, on a channel of its own. It never rejects a
 * delivery and lets no exception escape: RabbitMQ closes the whole connection for either.
 *
 * @see <a href="https://www.rabbitmq.com/docs/streams#consuming">Consuming streams</a>
 */
final class StreamSubscription extends DefaultConsumer {

	static final String FIRST = "first";

	/** The last RabbitMQ chunk: entries that were stored together. */
	static final String LAST = "last";

	private static final String OFFSET = "x-stream-offset";

	private static final Logger logger = LoggerFactory.getLogger(StreamSubscription.class);

	private final String stream;

	private final Listener listener;

	private final AtomicBoolean ended = new AtomicBoolean();

	/** {@link #getConsumerTag()} is set later, on another thread. */
	private String tag = "";

	private StreamSubscription(Channel channel, String stream, Listener listener) {
		super(channel);
		this.stream = stream;
		this.listener = listener;
	}

	/**
	 * Begin to consume. Blocks.
	 * @param connection a connection for readers only
	 * @param stream the name of the RabbitMQ stream
	 * @param offset where to begin: {@link #FIRST}, {@link #LAST}, or a number. At a
	 * number that has expired, RabbitMQ begins with the first entry; at a number beyond
	 * the end, it sends nothing until the end passes it.
	 * @param prefetch how many entries may be unacknowledged. A RabbitMQ chunk is never
	 * divided, so there can be more.
	 * @param listener receives entries and the end
	 * @return the subscription
	 * @throws IOException if the broker refuses, or the connection fails
	 * @throws StreamUnavailableException if the queue is of another type
	 */
	static StreamSubscription open(Connection connection, String stream, Object offset, int prefetch, Listener listener)
			throws IOException {
		Channel channel = BrokerConnections.channel(connection);
		StreamSubscription subscription = new StreamSubscription(channel, stream, listener);
		try {
			channel.basicQos(prefetch);
			subscription.tag = channel.basicConsume(stream, false, Map.of(OFFSET, offset), subscription);
			return subscription;
		}
		catch (IOException ex) {
			abort(channel);
			// For a queue of another type, the broker refuses the argument, and names it.
			boolean noStream = BrokerConnections.describe(ex).contains(OFFSET);
			throw noStream ? new StreamUnavailableException(StreamUnavailableException.noStream(stream)) : ex;
		}
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
		if (this.ended.get()) {
			return;
		}
		try {
			if (properties.getHeaders() == null || !(properties.getHeaders().get(OFFSET) instanceof Long offset)) {
				end(StreamUnavailableException.noStream(this.stream));
				return;
			}
			this.listener.onEntry(this, envelope.getDeliveryTag(), StreamEntry.parse(offset, properties, body));
		}
		catch (Exception ex) {
			logger.error("A delivery of RabbitMQ stream '{}' could not be processed", this.stream, ex);
			end("A delivery could not be processed: " + ex);
		}
	}

	/**
	 * Acknowledge all deliveries up to one, so that the broker sends more. It has no
	 * other effect: a RabbitMQ stream keeps acknowledged entries.
	 * @param deliveryTag the delivery's tag
	 */
	void acknowledge(long deliveryTag) {
		try {
			getChannel().basicAck(deliveryTag, true);
		}
		catch (IOException | RuntimeException ex) {
			end("An acknowledgement was not sent: " + BrokerConnections.describe(ex));
		}
	}

	@Override
	public void handleCancel(String consumerTag) {
		end("The broker cancelled the consumer.");
	}

	@Override
	public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
		end(BrokerConnections.describe(signal));
	}

	private void end(String reason) {
		if (!this.ended.getAndSet(true)) {
			this.listener.onEnd(reason);
		}
	}

	/**
	 * Close the subscription without notifying the listener. May block. The consumer is
	 * cancelled first: RabbitMQ 3.10 still counts one whose channel was only closed.
	 */
	void close() {
		this.ended.set(true);
		try {
			if (getChannel().isOpen()) {
				getChannel().basicCancel(this.tag);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Cancelling a subscription", ex);
		}
		finally {
			abort(getChannel());
		}
	}

	private static void abort(Channel channel) {
		try {
			channel.abort();
		}
		catch (IOException ex) {
			logger.debug("Closing a channel", ex);
		}
	}

	/**
	 * Receives entries, on one thread, and the end, on any thread.
	 */
	interface Listener {

		/**
		 * Receive the next entry.
		 * @param subscription the subscription that it came from
		 * @param deliveryTag the tag to acknowledge it with
		 * @param entry the entry
		 */
		void onEntry(StreamSubscription subscription, long deliveryTag, StreamEntry entry);

		/**
		 * Receive the end: no more entries will come.
		 * @param reason the reason
		 */
		void onEnd(String reason);

	}

}
