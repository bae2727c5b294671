package dev.hellostream.live;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
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

	/** Of Netty's native transport, which is there at run time only. */
	ChannelOption<Integer> USER_TIMEOUT = ChannelOption
		.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_USER_TIMEOUT");

	/**
	 * Find the way to the client behind a response, and see to it that nobody compresses
	 * what is written there.
	 * @param response the response, not committed
	 * @param otherLoop serves what is no HTTP/1 connection of Reactor Netty
	 * @param stallTimeout how long the client may take nothing
	 */
	static Outlet to(ServerHttpResponse response, ScheduledExecutorService otherLoop, Duration stallTimeout) {
		Object nativeResponse = ServerHttpResponseDecorator.getNativeResponse(response);
		if (!(nativeResponse instanceof HttpServerResponse http && http instanceof Connection connection)) {
			return new ReactiveOutlet(otherLoop, response.bufferFactory(), Disposables.single());
		}
		limitSilence(connection.channel(), stallTimeout);
		Outlet outlet = NettyOutlet.prepare(http.compression(false), connection.channel());
		return (outlet != null) ? outlet : new ReactiveOutlet(otherLoop, response.bufferFactory(), connection);
	}

	/**
	 * Have the kernel end a connection whose client acknowledges nothing. What the kernel
	 * has taken seems to be delivered: without this, it goes on sending the heartbeats to
	 * a network that has vanished for a quarter of an hour. It waits a little longer than
	 * the cursor, which counts those that it ends.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc5482">RFC 5482: TCP User Timeout
	 * Option</a>
	 */
	private static void limitSilence(Channel channel, Duration stallTimeout) {
		// The channel of an HTTP/2 stream has the connection as its parent.
		Channel socket = (channel instanceof SocketChannel) ? channel : channel.parent();
		// Only the transport for Linux knows it.
		socket.config().setOption(USER_TIMEOUT, Math.toIntExact(stallTimeout.plusSeconds(1).toMillis()));
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
