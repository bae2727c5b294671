package dev.hellostream.web.connection;

import dev.hellostream.web.ProblemRenderer;
import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import dev.hellostream.web.SecurityHeaders;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpStatusClass;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/**
 * Adds a problem document and the security headers to responses without them: Reactor
 * Netty's own errors for bytes that never become a request, and the 400 of
 * {@link RequestLimits}.
 */
@Component
@Sharable
class BareResponses extends ChannelOutboundHandlerAdapter {

	private final JsonMapper json;

	private final Refusals refusals;

	BareResponses(JsonMapper json, Refusals refusals) {
		this.json = json;
		this.refusals = refusals;
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the result is the promise
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof FullHttpResponse response && isBare(response)) {
			FullHttpResponse described = describe(response);
			response.release();
			context.write(described, promise);
			return;
		}
		context.write(message, promise);
	}

	private static boolean isBare(FullHttpResponse response) {
		return response.status().codeClass() == HttpStatusClass.CLIENT_ERROR
				&& !response.headers().contains(SecurityHeaders.MARK);
	}

	private FullHttpResponse describe(FullHttpResponse bare) {
		Reason reason = switch (bare.status().code()) {
			case 414 -> Reason.REQUEST_LINE;
			case 431 -> Reason.HEADER;
			default -> Reason.MALFORMED;
		};
		this.refusals.count(reason);
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(bare.status().code()),
				detail(reason));
		byte[] body = ProblemRenderer.document(this.json, problem);
		FullHttpResponse response = new DefaultFullHttpResponse(bare.protocolVersion(), bare.status(),
				Unpooled.wrappedBuffer(body), bare.headers(), bare.trailingHeaders());
		SecurityHeaders.ALL.forEach(response.headers()::set);
		response.headers()
			.set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
			.set(HttpHeaderNames.CACHE_CONTROL, "no-store")
			.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
		return response;
	}

	private static String detail(Reason reason) {
		return switch (reason) {
			case REQUEST_LINE ->
				"The request's first line is too long: server.netty.max-initial-line-length sets the limit.";
			case HEADER -> "The request's header is too large: server.max-http-request-header-size and "
					+ "hello-stream.web.max-headers say what it may have.";
			default -> "The request is not valid HTTP.";
		};
	}

}
