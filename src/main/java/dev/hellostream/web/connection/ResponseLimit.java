package dev.hellostream.web.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import dev.hellostream.web.WebSettings;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client takes nothing of its response for too long. The timer
 * runs only while more waits than Netty's high-water mark; live streams, which have taken
 * their connection over by then, see to that themselves.
 */
@SuppressWarnings("FutureReturnValueIgnored") // it is closed, whatever comes of it
final class ResponseLimit extends ChannelInboundHandlerAdapter {

	private final Duration limit;

	private final Refusals refusals;

	private @Nullable Future<?> check;

	private long pending;

	ResponseLimit(WebSettings settings, Refusals refusals) {
		this.limit = settings.responseTimeout();
		this.refusals = refusals;
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		cancel();
		if (!context.channel().isWritable()) {
			checkLater(context);
		}
		context.fireChannelWritabilityChanged();
	}

	private void checkLater(ChannelHandlerContext context) {
		this.pending = pending(context);
		this.check = context.executor().schedule(() -> check(context), this.limit.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void check(ChannelHandlerContext context) {
		if (pending(context) != this.pending) {
			checkLater(context);
			return;
		}
		this.refusals.count(Reason.RESPONSE_TIMEOUT);
		context.close();
	}

	private static long pending(ChannelHandlerContext context) {
		ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
		return (buffer != null) ? buffer.totalPendingWriteBytes() - buffer.currentProgress() : 0;
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		cancel();
		context.fireChannelInactive();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		cancel();
	}

	private void cancel() {
		if (this.check != null) {
			this.check.cancel(false);
			this.check = null;
		}
	}

}
