package dev.hellostream.log.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Connection;

/**
 * Finds where the stream ends, by looking at its last chunk: RabbitMQ does not tell
 * otherwise.
 */
final class StreamEnd implements StreamSubscription.Listener {

	private static final Duration EMPTY_AFTER = Duration.ofSeconds(1);

	/**
	 * RabbitMQ 3.10 never delivers a stream's first entry to a reader that began to read
	 * in the moment of its append (6 of 400 readers): another one is given it.
	 */
	private static final int LOOKS = 11;

	private final CompletableFuture<Long> offset = new CompletableFuture<>();

	private StreamEnd() {
	}

	/**
	 * Find the offset of the first entry of the last chunk. Blocks. An empty stream has
	 * none: a mark makes one, and does no harm if the broker was only slow.
	 * @param connection a connection for readers only
	 * @param stream the stream's name
	 * @param mark appends a mark, without waiting for it
	 * @return the offset
	 * @throws IOException if the stream cannot be read
	 * @throws StreamUnavailableException if it is empty, and stays so
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
		throw new StreamUnavailableException("It is empty, and nothing can be appended to it.");
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
