package dev.hellostream.consume;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.amqp.BrokerConnections;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One consumer on one channel, until either ends. Called on the thread that reads the
 * connection, which waits while {@link DeliveryMemory} is full.
 */
final class Consumption extends DefaultConsumer {

	private static final String ENDED_HERE = "";

	private static final Duration LAST_ACKNOWLEDGEMENT = Duration.ofSeconds(2);

	private final String queue;

	private final Prefetch prefetch;

	private final Function<Delivery, Mono<Void>> listener;

	private final Runnable progress;

	private final DeliveryMemory memory;

	private final Acknowledgements acknowledgements;

	private final CompletableFuture<String> end = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> more = new CompletableFuture<>();

	/** Whether the queue is gone, so that its deliveries are not delivered again. */
	private volatile boolean cancelled;

	private volatile boolean delivered;

	private volatile boolean streamed;

	/**
	 * Create a consumer that is not registered yet.
	 * @param channel a channel that nothing else uses
	 * @param queue the queue
	 * @param prefetch decides how many deliveries to prefetch
	 * @param listener processes a delivery, called in the order of delivery. Completion
	 * acknowledges the delivery; the processing is cancelled if the channel closes.
	 * @param progress called when deliveries were acknowledged
	 * @param memory bounds the bytes
	 * @param acknowledger writes acknowledgements, on one thread
	 */
	Consumption(Channel channel, String queue, Prefetch prefetch, Function<Delivery, Mono<Void>> listener,
			Runnable progress, DeliveryMemory memory, Executor acknowledger) {
		super(channel);
		this.queue = queue;
		this.prefetch = prefetch;
		this.listener = listener;
		this.progress = progress;
		this.memory = memory;
		this.acknowledgements = new Acknowledgements(this::acknowledge, acknowledger);
	}

	/**
	 * Consume until the consumer or its channel ends, or more deliveries can be
	 * prefetched. That needs a new channel: deliveries on their way to a cancelled
	 * consumer return to a quorum queue behind those that the next consumer gets. Blocks.
	 * @return the reason of the end, or {@code null} if it was ended here
	 * @throws IOException if the broker refuses the consumer
	 */
	@Nullable String run() throws IOException {
		getChannel().basicQos(Math.max(this.prefetch.next(), 1));
		getChannel().basicConsume(this.queue, false, "hello-stream/" + UUID.randomUUID(), this);
		CompletableFuture.anyOf(this.end, this.more).join();
		finish();
		String reason = this.end.join();
		return reason.equals(ENDED_HERE) ? null : reason;
	}

	private void acknowledge(long tag, int count) throws IOException {
		getChannel().basicAck(tag, true);
		this.progress.run();
		if (this.prefetch.acknowledged(count)) {
			this.more.complete(null);
		}
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
		this.delivered = true;
		this.streamed = properties.getHeaders() != null && properties.getHeaders().containsKey("x-stream-offset");
		if (!this.memory.take(body.length)) {
			return;
		}
		Mono.defer(() -> this.listener.apply(new Delivery(envelope, properties, body)))
			.doFinally((signal) -> this.memory.release(body.length))
			.subscribe(this.acknowledgements.expect(envelope.getDeliveryTag()));
	}

	@Override
	public void handleCancel(String consumerTag) {
		this.cancelled = true;
		end("the broker cancelled the consumer");
	}

	@Override
	public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
		this.acknowledgements.abandon();
		end(BrokerConnections.describe(signal));
	}

	/** Accept no more deliveries, and end. */
	void end() {
		end(ENDED_HERE);
	}

	private void end(String reason) {
		this.memory.close();
		this.end.complete(reason);
	}

	/**
	 * Accept no more deliveries, and wait up to 2 s until the accepted ones are
	 * acknowledged, since the broker would deliver them again. Then end.
	 */
	void finish() {
		this.memory.close();
		try {
			this.acknowledgements.await(LAST_ACKNOWLEDGEMENT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (!this.cancelled) {
			this.acknowledgements.abandon();
		}
		end();
	}

	/** Whether anything was delivered. */
	boolean isDelivered() {
		return this.delivered;
	}

	/**
	 * Whether the last delivery has the header of a RabbitMQ stream. A message that was
	 * in one before has it too.
	 */
	boolean isStreamed() {
		return this.streamed;
	}

	Acknowledgements acknowledgements() {
		return this.acknowledgements;
	}

	DeliveryMemory memory() {
		return this.memory;
	}

}
