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

	private static final Duration LIMIT = Duration.ofSeconds(10);

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
		StreamEnd end = new StreamEnd();
		StreamSubscription subscription = StreamSubscription.open(connection, stream, StreamSubscription.LAST, 1, end);
		try {
			return end.await(mark);
		}
		catch (ExecutionException ex) {
			throw new IOException(ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new StreamUnavailableException("It is empty, and nothing can be appended to it.");
		}
		finally {
			subscription.close();
		}
	}

	private long await(Runnable mark) throws InterruptedException, ExecutionException, TimeoutException {
		try {
			return this.offset.get(EMPTY_AFTER.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			mark.run();
			return this.offset.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		}
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
