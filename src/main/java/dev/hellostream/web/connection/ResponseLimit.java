package dev.hellostream.web.connection;

import java.time.Duration;

import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import dev.hellostream.web.WebSettings;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Closes a connection whose client reads nothing of its response for too long. The timer
 * starts above Netty's high-water mark and stops below its low-water mark. Live streams,
 * which have taken their connection over by then, have a limit of their own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the result of closing does not matter
final class ResponseLimit extends DeadlineHandler {

	private final Duration limit;

	private final Refusals refusals;

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
		start(context, this.limit);
	}

	@Override
	void expire(ChannelHandlerContext context) {
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

}
