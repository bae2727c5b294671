package dev.hellostream;

import java.net.InetAddress;

import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.embedded.EmbeddedBroker;
import dev.hellostream.queue.QueueSettings;
import dev.hellostream.queue.QueueStatus.State;
import dev.hellostream.queue.QueueWatch;
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
 * Logs the last line of a start: the address of the page, with the actual port, the
 * addresses of the broker, and the queue or binding. The line contains no password.
 */
@Component
@ConditionalOnWebApplication
class ReadyLine {

	private static final Logger logger = LoggerFactory.getLogger(ReadyLine.class);

	private final ServerProperties server;

	private final RabbitConnectionDetails broker;

	private final CachingConnectionFactory connections;

	private final QueueWatch queue;

	private final QueueSettings settings;

	private final boolean embedded;

	ReadyLine(ServerProperties server, RabbitConnectionDetails broker, CachingConnectionFactory connections,
			QueueWatch queue, QueueSettings settings, ObjectProvider<EmbeddedBroker> embeddedBroker) {
		this.server = server;
		this.broker = broker;
		this.connections = connections;
		this.queue = queue;
		this.settings = settings;
		this.embedded = embeddedBroker.getIfAvailable() != null;
	}

	@EventListener
	@Order(Ordered.LOWEST_PRECEDENCE)
	void log(ApplicationReadyEvent event) {
		if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
			logger.info("Ready: page {}, AMQP {} ({}), {}. Ctrl+C stops.", page(web.getWebServer().getPort()), amqp(),
					product(), (this.settings.bind() != null) ? "bound to " + this.settings.bind()
							: "queue " + this.settings.name());
		}
	}

	private String page(int port) {
		boolean tls = this.server.getSsl() != null && this.server.getSsl().isEnabled();
		return "%s://%s:%d".formatted(tls ? "https" : "http", host(this.server.getAddress()), port);
	}

	/** Return the host for a browser on this machine, localhost where possible. */
	private static String host(@Nullable InetAddress address) {
		if (address == null || address.isAnyLocalAddress() || address.isLoopbackAddress()) {
			return "localhost";
		}
		String host = address.getHostAddress();
		return host.contains(":") ? "[" + host + "]" : host;
	}

	private String amqp() {
		return "%s://%s@%s".formatted(this.connections.getRabbitConnectionFactory().isSSL() ? "amqps" : "amqp",
				this.broker.getUsername(), BrokerConnections.addresses(this.broker));
	}

	private String product() {
		State state = this.queue.status().state();
		boolean reached = state != State.UNKNOWN && state != State.UNREACHABLE;
		return (this.embedded ? "embedded broker" : "RabbitMQ") + (reached ? "" : ", not reached yet");
	}

}
