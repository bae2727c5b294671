package dev.hellostream.log.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Connection;

/**
 * Finds the end of the RabbitMQ stream from its last RabbitMQ chunk: the broker reports
 * it in no other way.
 */
final class StreamEnd implements StreamSubscription.Listener {

	private static final Duration EMPTY_AFTER = Duration.ofSeconds(1);

	/**
	 * Attempts: RabbitMQ 3.10 may never deliver the first entry to a reader that begins
	 * at the moment of its append (6 of 400 readers), but it does so to the next.
	 */
	private static final int LOOKS = 11;

	private final CompletableFuture<Long> offset = new CompletableFuture<>();

	private StreamEnd() {
	}

	/**
	 * Find the offset of the first entry in the last RabbitMQ chunk. Blocks. An empty
	 * RabbitMQ stream has none: a mark creates one, and does no harm if the broker was
	 * only slow.
	 * @param connection a connection for readers only
	 * @param stream the name of the RabbitMQ stream
	 * @param mark appends a mark, without waiting for it
	 * @return the offset
	 * @throws IOException if the RabbitMQ stream cannot be read
	 * @throws StreamUnavailableException if it stays empty, or the queue is of another
	 * type
	 * @throws InterruptedException if interrupted while waiting
	 */
	static long find(Connection connection, String stream, Runnable mark) throws IOException, InterruptedException {
		for (int look = 0; look < LOOKS; look++) {
			StreamEnd end = new StreamEnd();
			StreamSubscription subscription = StreamSubscription.open(connection, stream, StreamSubscription.LAST, 1,
					end);
			try {
				return end.offset.get(EMPTY_AFTER.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (ExecutionException ex) {
				throw new IOException(ex.getCause());
			}
			catch (TimeoutException ex) {
				mark.run();
			}
			finally {
				subscription.close();
			}
		}
		throw new StreamUnavailableException("It is empty, and no entry can be appended.");
	}

	@Override
	public void onEntry(StreamSubscription subscription, long deliveryTag, StreamEntry entry) {
		this.offset.complete(entry.position().offset());
	}

	@Override
	public void onEnd(String reason) {
		this.offset.completeExceptionally(new StreamUnavailableException(reason));
	}

}
