package dev.hellostream.broker;

import java.net.InetAddress;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Says in the last line of a start where to go next. The addresses are those that are
 * listened on, and a password is not among them.
 */
@Component
@ConditionalOnWebApplication
class ReadyLine {

	private static final Logger logger = LoggerFactory.getLogger(ReadyLine.class);

	private final ServerProperties server;

	private final RabbitConnectionDetails broker;

	private final CachingConnectionFactory connections;

	private final QueueSettings queue;

	private final boolean embedded;

	ReadyLine(ServerProperties server, RabbitConnectionDetails broker, CachingConnectionFactory connections,
			QueueSettings queue, ObjectProvider<EmbeddedBroker> embeddedBroker) {
		this.server = server;
		this.broker = broker;
		this.connections = connections;
		this.queue = queue;
		this.embedded = embeddedBroker.getIfAvailable() != null;
	}

	@EventListener
	@Order(Ordered.LOWEST_PRECEDENCE)
	void log(ApplicationReadyEvent event) {
		if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
			logger.info("Ready: page {}, AMQP {} ({}), {}. Ctrl+C stops.", page(web.getWebServer().getPort()), amqp(),
					this.embedded ? "embedded broker" : "RabbitMQ",
					(this.queue.bind() != null) ? "bound to " + this.queue.bind() : "queue " + this.queue.name());
		}
	}

	private String page(int port) {
		boolean tls = this.server.getSsl() != null && this.server.getSsl().isEnabled();
		return "%s://%s:%d".formatted(tls ? "https" : "http", host(this.server.getAddress()), port);
	}

	/** A browser on this machine reaches loopback, and all addresses, by its name. */
	private static String host(@Nullable InetAddress address) {
		if (address == null || address.isAnyLocalAddress() || address.isLoopbackAddress()) {
			return "localhost";
		}
		String host = address.getHostAddress();
		return host.contains(":") ? "[" + host + "]" : host;
	}

	private String amqp() {
		String scheme = this.connections.getRabbitConnectionFactory().isSSL() ? "amqps" : "amqp";
		return this.broker.getAddresses()
			.stream()
			.map((address) -> address.host() + ":" + address.port())
			.collect(Collectors.joining(",", scheme + "://" + this.broker.getUsername() + "@", ""));
	}

}
