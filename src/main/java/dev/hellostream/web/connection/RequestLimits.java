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
 * Closes a connection whose request is not complete in time, even if bytes keep arriving.
 * This applies to the head, and to the rest of a body that was answered already. A head
 * with too many fields and a body with invalid framing are refused.
 *
 * <p>
 * Before the first byte of a request, {@code server.netty.idle-timeout} applies. The
 * reader of a body limits the body's time. The timer runs only while something is
 * incomplete.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the result of closing does not matter
final class RequestLimits extends DeadlineHandler {

	private final WebSettings settings;

	private final Refusals refusals;

	private boolean complete = true;

	/** Number of requests that have begun and are not answered completely. */
	private int unanswered;

	/** Whether the answer to the first of these has begun. */
	private boolean answering;

	/** Whether the codec decoded anything from the bytes of the current read. */
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
				// Reactor Netty answers this like a header that is too large.
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
	 * Refuse the body. Reactor Netty would answer, and treat its first part as complete.
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
			// The bytes belong to a head that is not complete yet.
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
