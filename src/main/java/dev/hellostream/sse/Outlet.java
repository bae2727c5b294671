package dev.hellostream.sse;

import java.util.concurrent.ScheduledExecutorService;

import org.reactivestreams.Publisher;
import reactor.core.Disposables;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * Where a cursor's chunks go: one HTTP response. All methods but {@link #body} and
 * {@link #responseEnded()} are called on the outlet's {@link #loop()}.
 */
interface Outlet {

	/**
	 * Find the way to the client behind a response, and see to it that nobody compresses
	 * what is written there.
	 * @param response the response, not committed
	 * @param otherLoop serves what is no HTTP/1 connection of Reactor Netty
	 */
	static Outlet to(ServerHttpResponse response, ScheduledExecutorService otherLoop) {
		Object nativeResponse = ServerHttpResponseDecorator.getNativeResponse(response);
		if (!(nativeResponse instanceof HttpServerResponse http && http instanceof Connection connection)) {
			return new PublisherOutlet(otherLoop, response.bufferFactory(), Disposables.single());
		}
		Outlet outlet = NettyOutlet.prepare(http.compression(false), connection.channel());
		return (outlet != null) ? outlet : new PublisherOutlet(otherLoop, response.bufferFactory(), connection);
	}

	/**
	 * The thread to which the outlet and its cursor are confined.
	 * @return the event loop
	 */
	ScheduledExecutorService loop();

	/**
	 * The body of the response. Once its start has been written it opens the cursor.
	 * @param start the first bytes
	 * @param cursor whose chunks are written
	 * @return groups of buffers, flushed one by one
	 */
	Publisher<? extends Publisher<DataBuffer>> body(DataBuffer start, Cursor cursor);

	/**
	 * The response has ended, as far as WebFlux knows: whoever has no other way to reach
	 * the client closes the cursor. Safe for use by any thread.
	 */
	void responseEnded();

	/**
	 * Write a chunk, and only if the one before has been taken.
	 * @param chunk remains the caller's
	 * @return whether it has been taken whole. If not, {@link Cursor#taken()} is called
	 * when it is.
	 */
	boolean write(Chunk chunk);

	/**
	 * How many bytes the client has not taken yet, as far as that is known. While it
	 * changes, the client is slow and not stuck.
	 */
	long pending();

	/** End the response as a response should. */
	void complete();

	/** Cut the connection. */
	void abort();

}
