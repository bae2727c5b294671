package dev.hellostream.web.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A handler with a timer that subclasses start and cancel. The timer is also cancelled
 * when the connection closes or a live stream takes it over. Confined to the event loop.
 */
abstract class DeadlineHandler extends ChannelDuplexHandler {

	private @Nullable Future<?> deadline;

	boolean isRunning() {
		return this.deadline != null;
	}

	void start(ChannelHandlerContext context, Duration limit) {
		cancel();
		this.deadline = context.executor().schedule(() -> expire(context), limit.toMillis(), TimeUnit.MILLISECONDS);
	}

	void cancel() {
		if (this.deadline != null) {
			this.deadline.cancel(false);
			this.deadline = null;
		}
	}

	/** Handle the end of the time limit. */
	abstract void expire(ChannelHandlerContext context);

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		cancel();
		context.fireChannelInactive();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		cancel();
	}

}
