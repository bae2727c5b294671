package dev.hellostream.web.connection;

import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import dev.hellostream.web.WebSettings;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;

/**
 * Closes a connection on which a request does not come to its end in time, however busily
 * it trickles: its head, and what is left of a body that has been answered already. A
 * head with too many fields is refused, and a body whose framing breaks.
 *
 * <p>
 * Before its first byte a connection is idle, which is
 * {@code server.netty.idle-timeout}'s affair; how long a body may take is the affair of
 * whoever reads it. The timer runs only while something is incomplete.
 */
@SuppressWarnings("FutureReturnValueIgnored") // it is closed, whatever comes of it
final class RequestLimits extends DeadlineHandler {

	private final WebSettings settings;

	private final Refusals refusals;

	private boolean complete = true;

	/** Requests that have begun and that are not answered. */
	private int unanswered;

	/** Whether the answer to the first of them has begun. */
	private boolean answering;

	/** Whether the bytes of the current read completed something. */
	private boolean decoded;

	RequestLimits(WebSettings settings, Refusals refusals) {
		this.settings = settings;
		this.refusals = refusals;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		this.decoded = true;
		if (message instanceof HttpRequest request) {
			this.complete = false;
			this.unanswered++;
			cancel();
			if (request.headers().size() > this.settings.maxHeaders()) {
				// Reactor Netty answers it as it does a header that is too large.
				request.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException("Too many fields")));
			}
		}
		else if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
			content.release();
			refuseBody(context);
			return;
		}
		if (message instanceof LastHttpContent) {
			this.complete = true;
			cancel();
		}
		context.fireChannelRead(message);
	}

	/**
	 * Reactor Netty would answer, and then take what it has for the whole body.
	 */
	private void refuseBody(ChannelHandlerContext context) {
		if (this.unanswered == 1 && !this.answering) {
			FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
					HttpResponseStatus.BAD_REQUEST);
			response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
			context.writeAndFlush(response);
		}
		context.close();
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		if (this.complete && !this.decoded) {
			// These were bytes of a head, and not its last.
			giveTime(context);
		}
		this.decoded = false;
		context.fireChannelReadComplete();
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		context.write(message, promise);
		if (isInformational(message)) {
			return;
		}
		if (message instanceof HttpResponse) {
			this.answering = true;
		}
		if (message instanceof LastHttpContent) {
			this.answering = false;
			this.unanswered--;
			if (this.unanswered == 0 && !this.complete) {
				giveTime(context);
			}
		}
	}

	private static boolean isInformational(Object message) {
		return message instanceof HttpResponse response
				&& response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
	}

	private void giveTime(ChannelHandlerContext context) {
		if (!isRunning()) {
			start(context, this.settings.headerTimeout());
		}
	}

	@Override
	void expire(ChannelHandlerContext context) {
		this.refusals.count(this.complete ? Reason.HEADER_TIMEOUT : Reason.BODY_TIMEOUT);
		context.close();
	}

}
