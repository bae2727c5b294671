package dev.hellostream.consume;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.broker.BrokerConnections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One consumer on one channel, until the connection is lost. Called on the thread that
 * reads the connection, which waits while {@link DeliveryMemory} is full.
 */
final class Consumption extends DefaultConsumer {

	private static final Logger logger = LoggerFactory.getLogger(Consumption.class);

	private static final String ENDED_HERE = "";

	private final Function<Delivery, Mono<Void>> listener;

	private final DeliveryMemory memory;

	private final Acknowledgements acknowledgements;

	private volatile boolean delivered;

	private boolean more;

	private @Nullable String end;

	/**
	 * Consume nothing yet.
	 * @param channel a channel that nothing else uses
	 * @param listener takes a delivery, which is acknowledged when that completes. Called
	 * in the order of delivery.
	 * @param memory bounds the bytes
	 * @param acknowledgements of this channel
	 */
	Consumption(Channel channel, Function<Delivery, Mono<Void>> listener, DeliveryMemory memory,
			Acknowledgements acknowledgements) {
		super(channel);
		this.listener = listener;
		this.memory = memory;
		this.acknowledgements = acknowledgements;
	}

	/**
	 * Consume until the connection or the channel ends. Blocks.
	 * @param queue the queue
	 * @param prefetch says how many deliveries to ask for
	 * @return why it ended, or {@code null} if it was ended here
	 * @throws IOException if the broker refuses
	 * @throws InterruptedException if interrupted while waiting
	 */
	@Nullable String run(String queue, Prefetch prefetch) throws IOException, InterruptedException {
		while (true) {
			getChannel().basicQos(Math.max(prefetch.next(), 1));
			String tag = getChannel().basicConsume(queue, false, "hello-stream/" + UUID.randomUUID(), this);
			String reason = awaitEndOrMore();
			if (reason != null) {
				return reason.equals(ENDED_HERE) ? null : reason;
			}
			getChannel().basicCancel(tag);
		}
	}

	private synchronized @Nullable String awaitEndOrMore() throws InterruptedException {
		while (this.end == null && !this.more) {
			wait();
		}
		this.more = false;
		return this.end;
	}

	/** Ask for more deliveries. */
	synchronized void more() {
		this.more = true;
		notifyAll();
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
		this.delivered = true;
		if (!this.memory.take(body.length)) {
			return;
		}
		Runnable settled = this.acknowledgements.expect(envelope.getDeliveryTag());
		Mono.defer(() -> this.listener.apply(new Delivery(envelope, properties, body)))
			.doFinally((signal) -> this.memory.release(body.length))
			.subscribe(null, (ex) -> logger.error("A delivery was neither appended nor put away", ex), settled);
	}

	@Override
	public void handleCancel(String consumerTag) {
		end("the broker cancelled the consumer");
	}

	@Override
	public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
		end(BrokerConnections.words(signal));
	}

	/** Take nothing more. */
	void end() {
		end(ENDED_HERE);
	}

	private void end(String reason) {
		this.memory.close();
		synchronized (this) {
			this.end = (this.end != null) ? this.end : reason;
			notifyAll();
		}
	}

	/**
	 * Take nothing more, and give what was taken a moment to be acknowledged: the broker
	 * would deliver it again.
	 * @param limit how long to wait at most
	 */
	void finish(Duration limit) {
		this.memory.close();
		try {
			this.acknowledgements.await(limit);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		end();
	}

	/** Whether anything was delivered. */
	boolean isDelivered() {
		return this.delivered;
	}

	Acknowledgements acknowledgements() {
		return this.acknowledgements;
	}

	DeliveryMemory memory() {
		return this.memory;
	}

}
