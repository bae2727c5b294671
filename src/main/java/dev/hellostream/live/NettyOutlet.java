package dev.hellostream.live;

import java.util.concurrent.ScheduledExecutorService;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Writes chunks directly to an HTTP/1 connection that it takes over from Reactor Netty,
 * like a WebSocket upgrade. The only class that writes to the channel.
 *
 * <pre>
 *   before   [TLS] ─ HTTP codec ─ HTTP traffic ─ … ─ bridge to Reactor Netty ─ WebFlux
 *   after    [TLS] ─ this outlet
 * </pre>
 *
 * WebFlux writes the head and the start of the live stream. Then Reactor Netty and
 * WebFlux are notified that the client has disconnected, and release all objects of the
 * request: its headers, the exchange, the operators of the chain. An idle live stream
 * then consists of the socket and its cursor. {@link Chunk} adds the framing of the body,
 * except for a client of HTTP/1.0. The connection serves no further request, as the head
 * announces.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel
final class NettyOutlet extends ChannelInboundHandlerAdapter implements Outlet {

	/** The last chunk of the body (RFC 9112, section 7.1). */
	private static final Chunk LAST_CHUNK = Chunk.constant(new byte[0]);

	private final Channel channel;

	private final boolean framed;

	private @Nullable Cursor cursor;

	private boolean takenOver;

	private boolean ended;

	private NettyOutlet(Channel channel, boolean framed) {
		this.channel = channel;
		this.framed = framed;
	}

	/**
	 * Prepare a response for the takeover of its connection.
	 * @param response the response, not committed
	 * @param channel the connection of the response
	 * @return an outlet, or {@code null} if the connection is not HTTP/1
	 */
	static @Nullable NettyOutlet prepare(HttpServerResponse response, Channel channel) {
		if (channel.pipeline().get(HttpServerCodec.class) == null) {
			return null;
		}
		boolean framed = !HttpVersion.HTTP_1_0.equals(response.version());
		response.chunkedTransfer(framed).keepAlive(false);
		return new NettyOutlet(channel, framed);
	}

	@Override
	public ScheduledExecutorService loop() {
		return this.channel.eventLoop();
	}

	@Override
	public Publisher<? extends Publisher<DataBuffer>> body(DataBuffer start, Cursor cursor) {
		this.cursor = cursor;
		// WebFlux subscribes to the second group after it has written the head and passed
		// the first group to the channel. The flush of the first group is a task of the
		// loop as well, and runs before this one.
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
		try {
			replaceHandlers();
		}
		catch (RuntimeException ex) {
			cursor.close();
			abort();
			throw ex;
		}
		cursor.open();
	}

	private void replaceHandlers() {
		ChannelPipeline pipeline = this.channel.pipeline();
		ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
		pipeline.addBefore(codec.name(), null, this);
		codec.fireChannelInactive();
		while (pipeline.last() != this) {
			pipeline.removeLast();
		}
		// Reading detects that the client has disconnected.
		this.channel.config().setAutoRead(true);
	}

	@Override
	public void responseEnded() {
		loop().execute(() -> {
			this.ended = true;
			if (!this.takenOver && this.cursor != null) {
				this.cursor.close();
			}
		});
	}

	/** Discard the bytes that a client sends after its request. */
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
		this.channel.write(bytes(chunk), this.channel.voidPromise());
		this.channel.flush();
		if (isTaken()) {
			return true;
		}
		// Writes complete in order, this one after the whole chunk.
		this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((future) -> {
			if (future.isSuccess() && this.cursor != null) {
				// The write may complete at once, while the cursor is still in this call.
				loop().execute(this.cursor::onDrained);
			}
		});
		return false;
	}

	private ByteBuf bytes(Chunk chunk) {
		return this.framed ? chunk.framed() : chunk.unframed();
	}

	private boolean isTaken() {
		return this.channel.bytesBeforeUnwritable() >= this.channel.config().getWriteBufferHighWaterMark();
	}

	@Override
	public long pending() {
		ChannelOutboundBuffer buffer = this.channel.unsafe().outboundBuffer();
		return (buffer != null) ? buffer.totalPendingWriteBytes() - buffer.currentProgress() : 0;
	}

	@Override
	public void complete() {
		this.channel.writeAndFlush(bytes(LAST_CHUNK)).addListener(ChannelFutureListener.CLOSE);
	}

	/** Bypass TLS, which would first send close_notify to a client that reads nothing. */
	@Override
	public void abort() {
		this.channel.pipeline().firstContext().close();
	}

}
