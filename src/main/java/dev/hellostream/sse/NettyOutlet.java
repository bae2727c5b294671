package dev.hellostream.sse;

import java.util.concurrent.ScheduledExecutorService;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * Writes chunks straight to an HTTP/1.1 connection of Reactor Netty, past the codec,
 * whose work the {@link Chunk} has done for all. The one class that knows of the channel.
 *
 * <p>
 * To WebFlux the body is two groups: the start, and a silent one that lasts as long as
 * the stream. WebFlux subscribes to the second when the first has been written, with the
 * head before it; from then on the codec is in the middle of a chunked body and stays
 * there until the silent group completes, which writes the last chunk.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the channel, and that
												// cancels the body
final class NettyOutlet implements Outlet, Publisher<DataBuffer>, Subscription {

	private final Channel channel;

	private final ChannelHandlerContext codec;

	private @Nullable Cursor cursor;

	private @Nullable Subscriber<? super DataBuffer> subscriber;

	private NettyOutlet(ChannelHandlerContext codec) {
		this.channel = codec.channel();
		this.codec = codec;
	}

	/**
	 * Find the connection behind a response, and see to it that nobody compresses or, for
	 * a client too old for it, chunks what is written there.
	 * @param response the response, not committed
	 * @return an outlet, or {@code null} if this is no plain HTTP/1.1 connection of
	 * Reactor Netty
	 */
	static @Nullable NettyOutlet prepare(ServerHttpResponse response) {
		Object nativeResponse = ServerHttpResponseDecorator.getNativeResponse(response);
		if (!(nativeResponse instanceof HttpServerResponse http && http instanceof Connection connection)) {
			return null;
		}
		http.compression(false);
		if (HttpVersion.HTTP_1_0.equals(http.version())) {
			// Reactor Netty would send chunks, which a client of that age cannot read.
			http.chunkedTransfer(false).keepAlive(false);
		}
		if (!HttpVersion.HTTP_1_1.equals(http.version())) {
			return null;
		}
		Channel channel = connection.channel();
		ChannelHandlerContext codec = channel.pipeline().context(HttpServerCodec.class);
		return (codec != null) ? new NettyOutlet(codec) : null;
	}

	@Override
	public ScheduledExecutorService loop() {
		return this.channel.eventLoop();
	}

	@Override
	public Publisher<? extends Publisher<DataBuffer>> body(DataBuffer start, Cursor cursor) {
		this.cursor = cursor;
		return Flux.just(Flux.just(start), this);
	}

	@Override
	public void subscribe(Subscriber<? super DataBuffer> subscriber) {
		this.subscriber = subscriber;
		subscriber.onSubscribe(this);
		if (this.cursor != null) {
			loop().execute(this.cursor::open);
		}
	}

	@Override
	public void request(long count) {
		// Nothing is emitted here: the connection's own state is the demand.
	}

	@Override
	public void cancel() {
		if (this.cursor != null) {
			this.cursor.close();
		}
	}

	@Override
	public boolean write(Chunk chunk) {
		if (!this.channel.isActive()) {
			return true;
		}
		this.codec.write(chunk.framed(), this.channel.voidPromise());
		this.codec.flush();
		if (isTaken()) {
			return true;
		}
		// Completes in its turn: when everything before it has been written.
		this.codec.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((future) -> {
			if (future.isSuccess() && this.cursor != null) {
				// It may have been written at once, while the cursor is still in this
				// call.
				loop().execute(this.cursor::taken);
			}
		});
		return false;
	}

	private boolean isTaken() {
		return this.channel.bytesBeforeUnwritable() >= this.channel.config().getWriteBufferHighWaterMark();
	}

	@Override
	public void complete() {
		if (this.subscriber != null) {
			this.subscriber.onComplete();
		}
	}

	@Override
	public void abort() {
		this.channel.close();
	}

}
