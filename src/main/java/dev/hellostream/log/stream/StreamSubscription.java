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
 * One consumer of the stream, on a channel of its own. It never rejects a delivery and
 * lets no exception out: on a stream RabbitMQ ends the whole connection for that.
 *
 * @see <a href="https://www.rabbitmq.com/docs/streams#consuming">Consuming streams</a>
 */
final class StreamSubscription extends DefaultConsumer {

	static final String FIRST = "first";

	/** The last chunk: what was written together. */
	static final String LAST = "last";

	private static final String OFFSET = "x-stream-offset";

	private static final Logger logger = LoggerFactory.getLogger(StreamSubscription.class);

	private final String stream;

	private final Listener listener;

	private final AtomicBoolean ended = new AtomicBoolean();

	/** {@link #getConsumerTag()} is told of it later, on another thread. */
	private String tag = "";

	private StreamSubscription(Channel channel, String stream, Listener listener) {
		super(channel);
		this.stream = stream;
		this.listener = listener;
	}

	/**
	 * Begin to consume. Blocks.
	 * @param connection a connection for readers only
	 * @param stream the stream's name
	 * @param offset where to begin: {@link #FIRST}, {@link #LAST}, or a number. RabbitMQ
	 * takes a number that has expired for the first one there, and is silent about one
	 * beyond the end until the end passes it.
	 * @param prefetch how many entries may be unacknowledged. A chunk is never divided,
	 * so there can be more.
	 * @param listener told what comes
	 * @return the subscription
	 * @throws IOException if the broker refuses
	 * @throws StreamUnavailableException if it is no stream
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
			// What is no stream does not know the argument.
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
			logger.error("A delivery of stream '{}' could not be taken", this.stream, ex);
			end("A delivery could not be taken: " + ex);
		}
	}

	/**
	 * Acknowledge everything up to a delivery, which lets the broker send more. Nothing
	 * else comes of it: a stream keeps what is acknowledged.
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
	 * End it, without a word to the listener. May block. Cancelled first: RabbitMQ 3.10
	 * goes on counting a stream's consumer whose channel was only closed.
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
	 * Told what comes, on one thread.
	 */
	interface Listener {

		/**
		 * The next entry.
		 * @param subscription where it came from
		 * @param deliveryTag what acknowledges it
		 * @param entry the entry
		 */
		void onEntry(StreamSubscription subscription, long deliveryTag, StreamEntry entry);

		/**
		 * Nothing more will come.
		 * @param reason why
		 */
		void onEnd(String reason);

	}

}
