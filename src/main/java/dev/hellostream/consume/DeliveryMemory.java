package dev.hellostream.consume;

/**
 * Bounds the bytes of one consumer's unsettled deliveries, whatever the prefetch count
 * allows: at the bound, nothing more is read from the consumer's connection, and TCP
 * makes the broker wait. A message above the bound is accepted alone. AMQP has a prefetch
 * size for this, which <a href="https://www.rabbitmq.com/docs/specification">RabbitMQ
 * does not implement</a>. Thread-safe.
 */
final class DeliveryMemory {

	private final long maxBytes;

	private long bytes;

	private boolean closed;

	/**
	 * Create an empty memory.
	 * @param maxBytes the bound, in bytes of bodies
	 */
	DeliveryMemory(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Add a delivery, waiting until there is room for it.
	 * @param length the length of its body
	 * @return {@code false} if the consumer ended or the thread was interrupted
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
	 * Remove a delivery that is no longer processed.
	 * @param length the length of its body
	 */
	synchronized void release(int length) {
		this.bytes -= length;
		notifyAll();
	}

	synchronized long bytes() {
		return this.bytes;
	}

	/** Accept no more deliveries, and release the threads that wait. */
	synchronized void close() {
		this.closed = true;
		notifyAll();
	}

}
