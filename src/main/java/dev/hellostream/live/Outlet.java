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
 * The destination of a cursor's chunks: one HTTP response. All methods but
 * {@link #loop()}, {@link #body} and {@link #responseEnded()} are called on the outlet's
 * loop.
 */
interface Outlet {

	/** Identified by name, since the epoll transport is not a direct dependency. */
	ChannelOption<Integer> USER_TIMEOUT = ChannelOption
		.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_USER_TIMEOUT");

	/**
	 * Create the outlet of a response, which Reactor Netty no longer compresses.
	 * @param response the response, not committed
	 * @param otherLoop the loop for a response without an HTTP/1 connection of Reactor
	 * Netty
	 * @param stallTimeout how long the client may acknowledge nothing
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
	 * Make the Linux kernel close a connection whose client acknowledges nothing. Bytes
	 * that the kernel has accepted count as delivered: without this limit, it would
	 * retransmit heartbeats to a vanished network for about 15 minutes. The limit is one
	 * second longer than the cursor's, which counts the subscribers that it closes.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc5482">RFC 5482: TCP User Timeout
	 * Option</a>
	 */
	private static void limitSilence(Channel channel, Duration stallTimeout) {
		// The channel of an HTTP/2 stream has the connection as its parent.
		Channel socket = (channel instanceof SocketChannel) ? channel : channel.parent();
		// Other transports than epoll ignore the option.
		socket.config().setOption(USER_TIMEOUT, Math.toIntExact(stallTimeout.plusSeconds(1).toMillis()));
	}

	/**
	 * Return the thread to which the outlet and its cursor are confined.
	 * @return the event loop
	 */
	ScheduledExecutorService loop();

	/**
	 * Return the body of the response, which opens the cursor after its start.
	 * @param start the first bytes
	 * @param cursor the cursor whose chunks are written
	 * @return groups of buffers, each of them flushed
	 */
	Publisher<? extends Publisher<DataBuffer>> body(DataBuffer start, Cursor cursor);

	/**
	 * Handle the end of the response in WebFlux. If the outlet has not taken over the
	 * connection, the cursor is closed. Safe for use by any thread.
	 */
	void responseEnded();

	/**
	 * Write a chunk. The connection must have accepted the previous one.
	 * @param chunk the chunk, which remains owned by the caller
	 * @return whether the connection has accepted the whole chunk. If not,
	 * {@link Cursor#onDrained()} is called when it has.
	 */
	boolean write(Chunk chunk);

	/**
	 * Return the number of bytes that the connection has not accepted yet, 0 if unknown.
	 * While it changes, the client is slow but not stuck.
	 */
	long pending();

	/** Complete the response, so that the client sees its regular end. */
	void complete();

	/** Close the connection without completing the response. */
	void abort();

}
