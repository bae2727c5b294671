package dev.hellostream.web;

import java.util.concurrent.TimeUnit;

import dev.hellostream.web.Refusals.Reason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which the head of a request does not come to its end in time,
 * however busily it trickles, and refuses one with too many fields. Before its first byte
 * a connection is idle, which is {@code server.netty.idle-timeout}'s affair. The timer
 * runs only while a head is incomplete.
 */
@SuppressWarnings("FutureReturnValueIgnored") // it is closed, whatever comes of it
final class HeadLimits extends ChannelInboundHandlerAdapter {

	private final WebSettings settings;

	private final Refusals refusals;

	private boolean awaitingHead = true;

	/** Whether the bytes of the current read completed something. */
	private boolean decoded;

	private @Nullable Future<?> deadline;

	HeadLimits(WebSettings settings, Refusals refusals) {
		this.settings = settings;
		this.refusals = refusals;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		this.decoded = true;
		if (message instanceof HttpRequest request) {
			this.awaitingHead = false;
			cancel();
			if (request.headers().size() > this.settings.maxHeaders()) {
				// Reactor Netty answers it as it does a header that is too large.
				request.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException("Too many fields")));
			}
		}
		if (message instanceof LastHttpContent) {
			this.awaitingHead = true;
		}
		context.fireChannelRead(message);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		if (this.awaitingHead && !this.decoded && this.deadline == null) {
			this.deadline = context.executor()
				.schedule(() -> giveUp(context), this.settings.headerTimeout().toMillis(), TimeUnit.MILLISECONDS);
		}
		this.decoded = false;
		context.fireChannelReadComplete();
	}

	private void giveUp(ChannelHandlerContext context) {
		this.refusals.count(Reason.HEADER_TIMEOUT);
		context.close();
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		cancel();
		context.fireChannelInactive();
	}

	/** A live stream takes the connection over. */
	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		cancel();
	}

	private void cancel() {
		if (this.deadline != null) {
			this.deadline.cancel(false);
			this.deadline = null;
		}
	}

}
