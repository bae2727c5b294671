package dev.hellostream.sse;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledExecutorService;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * Writes chunks straight to an HTTP/1.1 connection that it takes over from Reactor Netty,
 * as a WebSocket would. The one class that knows of the channel.
 *
 * <pre>
 *   before   [TLS] ─ HTTP codec ─ HTTP traffic ─ … ─ bridge to Reactor Netty ─ WebFlux
 *   after    [TLS] ─ this outlet
 * </pre>
 *
 * WebFlux writes the head and the start of the stream. When these are in the socket's
 * hands, Reactor Netty and WebFlux are told that the client has gone and let go of
 * everything that they hold for a request: its headers, the exchange, the operators of
 * the chain. What remains of an idle stream is the socket and its cursor. The framing of
 * the body is the {@link Chunk}'s work; the connection serves no further request, and the
 * head says so.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the channel
final class NettyOutlet extends ChannelInboundHandlerAdapter implements Outlet {

	/** Ends the body, as RFC 9112, section 7.1, has it. */
	private static final ByteBuf LAST_CHUNK = Unpooled.unreleasableBuffer(
			Unpooled.directBuffer().writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).asReadOnly());

	private final Channel channel;

	private @Nullable Cursor cursor;

	private boolean takenOver;

	private boolean ended;

	private NettyOutlet(Channel channel) {
		this.channel = channel;
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
		Channel channel = connection.channel();
		if (!HttpVersion.HTTP_1_1.equals(http.version()) || channel.pipeline().get(HttpServerCodec.class) == null) {
			return null;
		}
		http.keepAlive(false);
		return new NettyOutlet(channel);
	}

	@Override
	public ScheduledExecutorService loop() {
		return this.channel.eventLoop();
	}

	@Override
	public Publisher<? extends Publisher<DataBuffer>> body(DataBuffer start, Cursor cursor) {
		this.cursor = cursor;
		// WebFlux subscribes to the second group when the first has been written, with
		// the head before it.
		Flux<DataBuffer> silence = Flux.never();
		return Flux.just(Flux.just(start),
				silence.doOnSubscribe((subscription) -> loop().execute(() -> takeOver(cursor))));
	}

	private void takeOver(Cursor cursor) {
		if (this.ended || !this.channel.isActive()) {
			cursor.close();
			return;
		}
		this.takenOver = true;
		ChannelPipeline pipeline = this.channel.pipeline();
		ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
		pipeline.addBefore(codec.name(), null, this);
		codec.fireChannelInactive();
		while (pipeline.last() != this) {
			pipeline.removeLast();
		}
		// Reads notice that the client has gone.
		this.channel.config().setAutoRead(true);
		cursor.open();
	}

	@Override
	public void responseEnded() {
		this.ended = true;
		if (!this.takenOver && this.cursor != null) {
			this.cursor.close();
		}
	}

	/** What a client sends after its request is nothing to us. */
	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ReferenceCountUtil.release(message);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (this.cursor != null) {
			this.cursor.close();
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
		context.close();
	}

	@Override
	public boolean write(Chunk chunk) {
		if (!this.channel.isActive()) {
			return true;
		}
		this.channel.write(chunk.framed(), this.channel.voidPromise());
		this.channel.flush();
		if (isTaken()) {
			return true;
		}
		// Completes in its turn: when everything before it has been written.
		this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((future) -> {
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
		this.channel.writeAndFlush(LAST_CHUNK.duplicate()).addListener(ChannelFutureListener.CLOSE);
	}

	@Override
	public void abort() {
		this.channel.close();
	}

}
