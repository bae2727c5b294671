package dev.hellostream.consume;

/**
 * Bounds the bytes of one consumer's deliveries that are not settled, however many the
 * prefetch count allows: while there are too many, nothing more is read from the
 * consumer's connection, and TCP makes the broker wait. A message that is too large by
 * itself comes through alone. AMQP has a prefetch size for that, which
 * <a href="https://www.rabbitmq.com/docs/specification">RabbitMQ does not implement</a>.
 * Thread-safe.
 */
final class DeliveryMemory {

	private final long maxBytes;

	private long bytes;

	private boolean closed;

	/**
	 * Create an empty memory.
	 * @param maxBytes how many bytes of bodies it holds
	 */
	DeliveryMemory(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Take a delivery, when there is room for it.
	 * @param length the length of its body
	 * @return {@code false} if the consumer ended before there was
	 */
	synchronized boolean take(int length) {
		try {
			while (!this.closed && this.bytes > 0 && this.bytes + length > this.maxBytes) {
				wait();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		this.bytes += length;
		return !this.closed;
	}

	/**
	 * A delivery is settled.
	 * @param length the length of its body
	 */
	synchronized void release(int length) {
		this.bytes -= length;
		notifyAll();
	}

	synchronized long bytes() {
		return this.bytes;
	}

	/** Nothing more is taken, and nobody waits. */
	synchronized void close() {
		this.closed = true;
		notifyAll();
	}

}
