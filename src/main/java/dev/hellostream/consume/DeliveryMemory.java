package dev.hellostream.consume;

import java.util.UUID;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.TrafficListener;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of the deliveries that are not settled, however many the prefetch
 * count allows: while there are too many, the AMQP client reads nothing more from the
 * listener's connection, and TCP makes the broker wait. A message that is too large by
 * itself comes through alone. AMQP has a prefetch size for that, which
 * <a href="https://www.rabbitmq.com/docs/specification">RabbitMQ does not implement</a>.
 *
 * <p>
 * {@link #read} is called by the I/O thread of every connection, and waits on that of the
 * listener only. Thread-safe.
 */
final class DeliveryMemory implements TrafficListener {

	private static final String PREFIX = "hello-stream/";

	private final long maxBytes;

	/** The consumer whose deliveries are counted. */
	private @Nullable String consumer;

	private long bytes;

	private boolean open;

	/**
	 * Create an empty memory.
	 * @param maxBytes how many bytes of bodies it holds
	 */
	DeliveryMemory(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/** A name for one more consumer of the listener, by which it is known here. */
	static String newConsumerTag() {
		return PREFIX + UUID.randomUUID();
	}

	@Override
	public void read(Command command) {
		if (command.getMethod() instanceof AMQP.Basic.Deliver deliver && deliver.getConsumerTag().startsWith(PREFIX)) {
			take(deliver.getConsumerTag(), command.getContentBody().length);
		}
		else if (command.getMethod() instanceof AMQP.Basic.ConsumeOk begun
				&& begun.getConsumerTag().startsWith(PREFIX)) {
			begin(begun.getConsumerTag());
		}
	}

	@Override
	public void write(Command command) {
	}

	/** What the consumer before had is lost with it, or will be settled unseen. */
	private synchronized void begin(String consumerTag) {
		this.consumer = consumerTag;
		this.bytes = 0;
		notifyAll();
	}

	private synchronized void take(String consumerTag, int length) {
		try {
			while (consumerTag.equals(this.consumer) && this.bytes > 0 && this.bytes + length > this.maxBytes
					&& !this.open) {
				wait();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (consumerTag.equals(this.consumer)) {
			this.bytes += length;
		}
	}

	synchronized long bytes() {
		return this.bytes;
	}

	long maxBytes() {
		return this.maxBytes;
	}

	/**
	 * A delivery is settled, or never will be.
	 * @param consumerTag the consumer to which it was delivered
	 * @param length the length of its body
	 */
	synchronized void release(@Nullable String consumerTag, int length) {
		if (consumerTag != null && consumerTag.equals(this.consumer)) {
			this.bytes -= length;
			notifyAll();
		}
	}

	/**
	 * Let everything through from now on: whoever closes the connection waits for an
	 * answer of the broker, which is behind the deliveries.
	 */
	synchronized void open() {
		this.open = true;
		notifyAll();
	}

}
