package dev.hellostream.embedded;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import dev.hellostream.start.StartFailure;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.port.AmqpPort;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * A real AMQP 0-9-1 broker inside the process
 * (<a href="https://qpid.apache.org/components/broker-j/">Apache Qpid Broker-J</a>): no
 * installation, guest/guest, on 127.0.0.1 only. Everything is in memory only.
 */
public final class EmbeddedBroker {

	static final String USER = "guest";

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedBroker.class);

	private final int requestedPort;

	private final EmbeddedBrokerMemory memory;

	private @Nullable SystemLauncher launcher;

	private int port;

	EmbeddedBroker(EmbeddedBrokerSettings settings) {
		this(settings, EmbeddedBrokerMemory.ofHeap(Runtime.getRuntime().maxMemory()));
	}

	EmbeddedBroker(EmbeddedBrokerSettings settings, EmbeddedBrokerMemory memory) {
		this.requestedPort = settings.port();
		this.memory = memory;
	}

	/**
	 * Start, and return when clients can connect.
	 * @throws StartFailure if the port cannot be bound
	 */
	void start() {
		requireFreePort();
		Outcome outcome = new Outcome();
		SystemLauncher launcher = new SystemLauncher(outcome);
		try {
			launcher.startup(attributes());
		}
		catch (Exception ex) {
			throw new IllegalStateException("The embedded broker did not start", ex);
		}
		RuntimeException failure = outcome.failure.get();
		if (failure != null) {
			throw new IllegalStateException("The embedded broker did not start", failure);
		}
		Broker<?> broker = outcome.broker();
		leaveShutdownToSpring(broker);
		this.port = boundPort(broker);
		this.launcher = launcher;
		logger.info("Embedded broker listens on 127.0.0.1:{}, any AMQP 0-9-1 client can connect as guest/guest",
				this.port);
	}

	void stop() {
		SystemLauncher launcher = this.launcher;
		this.launcher = null;
		if (launcher != null) {
			launcher.shutdown();
		}
	}

	/**
	 * Return the port that the broker listens on.
	 * @return the port, known after the start
	 */
	int port() {
		Assert.state(this.launcher != null, "The embedded broker is not running");
		return this.port;
	}

	// For a port in use, the broker itself would write pages of log.
	private void requireFreePort() {
		try (ServerSocket socket = new ServerSocket()) {
			socket
				.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), this.requestedPort));
		}
		catch (BindException ex) {
			throw portTaken(ex);
		}
		catch (IOException ex) {
			throw new IllegalStateException("The embedded broker cannot listen on 127.0.0.1", ex);
		}
	}

	private StartFailure portTaken(BindException cause) {
		return new StartFailure("The embedded broker cannot listen on 127.0.0.1:%d: another program does already. "
			.formatted(this.requestedPort)
				+ "If that program is a RabbitMQ, use it: --spring.profiles.active=rabbitmq. "
				+ "Otherwise give the embedded broker another port, --hello-stream.broker.port=%d, or 0 for any."
					.formatted((this.requestedPort < 65_535) ? this.requestedPort + 1 : 5672),
				cause);
	}

	private Map<String, Object> attributes() {
		Map<String, String> context = new HashMap<>(this.memory.toContext());
		context.put("hello-stream.port", Integer.toString(this.requestedPort));
		return Map.of(SystemConfig.TYPE, "Memory", SystemConfig.CONTEXT, context,
				SystemConfig.INITIAL_CONFIGURATION_LOCATION, resource("embedded-broker.json"),
				SystemConfig.INITIAL_SYSTEM_PROPERTIES_LOCATION, resource("embedded-broker.properties"),
				SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT, false, "preferenceStoreAttributes", Map.of("type", "Noop"));
	}

	private static String resource(String name) {
		URL url = EmbeddedBroker.class.getResource(name);
		return Objects.requireNonNull(url, name).toString();
	}

	// The broker's own hook would run concurrently with Spring's, and stop the broker
	// while messages are still being published.
	private static void leaveShutdownToSpring(Broker<?> broker) {
		Field hook = ReflectionUtils.findField(broker.getClass(), "_shutdownHook");
		Assert.state(hook != null, "This version of the broker has another shutdown hook");
		ReflectionUtils.makeAccessible(hook);
		Runtime.getRuntime().removeShutdownHook((Thread) ReflectionUtils.getField(hook, broker));
	}

	private static int boundPort(Broker<?> broker) {
		for (Port<?> candidate : broker.getChildren(Port.class)) {
			if (candidate instanceof AmqpPort<?> amqp) {
				return amqp.getBoundPort();
			}
		}
		throw new IllegalStateException("The embedded broker has no AMQP port");
	}

	/**
	 * Result of the start: the launcher itself swallows failures.
	 */
	private static final class Outcome extends DefaultSystemLauncherListener {

		private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

		private final AtomicReference<@Nullable SystemConfig<?>> system = new AtomicReference<>();

		@Override
		public void errorOnStartup(RuntimeException ex) {
			this.failure.set(ex);
		}

		@Override
		public void onContainerResolve(SystemConfig<?> systemConfig) {
			this.system.set(systemConfig);
		}

		Broker<?> broker() {
			SystemConfig<?> system = Objects.requireNonNull(this.system.get());
			return (Broker<?>) system.getContainer();
		}

	}

}
