package dev.hellostream.web.connection;

import java.util.concurrent.atomic.AtomicInteger;

import dev.hellostream.web.Refusals;
import dev.hellostream.web.Refusals.Reason;
import dev.hellostream.web.WebSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;

/**
 * Limits the number of connections, and adds these handlers to each:
 *
 * <pre>
 *   HTTP codec ─ {@link BareResponses} ─ {@link RequestLimits} ─ {@link ResponseLimit} ─ Reactor Netty
 * </pre>
 *
 * With HTTP/2 enabled, the codec is not installed yet, and only the number of connections
 * is limited.
 */
@Component
@SuppressWarnings("FutureReturnValueIgnored") // the result of closing does not matter
class ConnectionLimits implements NettyServerCustomizer {

	private final WebSettings settings;

	private final Refusals refusals;

	private final BareResponses bareResponses;

	private final AtomicInteger connections = new AtomicInteger();

	ConnectionLimits(WebSettings settings, Refusals refusals, BareResponses bareResponses, MeterRegistry meters) {
		this.settings = settings;
		this.refusals = refusals;
		this.bareResponses = bareResponses;
		Gauge.builder("hello.stream.web.connections", this.connections, AtomicInteger::get)
			.description("HTTP connections that are open, live streams included")
			.register(meters);
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, address) -> {
			if (admit(channel)) {
				limit(channel.pipeline());
			}
		});
	}

	private boolean admit(Channel channel) {
		boolean admitted = this.connections.incrementAndGet() <= this.settings.maxConnections();
		channel.closeFuture().addListener((closed) -> this.connections.decrementAndGet());
		if (!admitted) {
			this.refusals.count(Reason.CONNECTIONS);
			// An EventSource treats this as a network error and connects again.
			channel.close();
		}
		return admitted;
	}

	private void limit(ChannelPipeline pipeline) {
		if (pipeline.get(NettyPipeline.HttpCodec) == null) {
			return;
		}
		pipeline.addAfter(NettyPipeline.HttpCodec, null, new ResponseLimit(this.settings, this.refusals));
		pipeline.addAfter(NettyPipeline.HttpCodec, null, new RequestLimits(this.settings, this.refusals));
		pipeline.addAfter(NettyPipeline.HttpCodec, null, this.bareResponses);
	}

}
