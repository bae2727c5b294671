package dev.hellostream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;

/**
 * A private RabbitMQ node on free loopback ports, with a private name server (epmd),
 * cookie and data directory, so that it neither needs nor disturbs a RabbitMQ that is
 * installed as a service. Not thread-safe.
 */
public final class RabbitNode implements AutoCloseable {

	static final String PLAIN_LISTENER = "listeners.tcp.1 = 127.0.0.1:%d";

	private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

	private static RabbitNode shared;

	private final AtomicInteger virtualHosts = new AtomicInteger();

	private final Path directory = ChildProcess.newDirectory("rabbitmq");

	private final Path server = Tool.RABBITMQ.path();

	private final boolean encrypted;

	private final int port;

	private final int distributionPort;

	private final NameServer nameServer;

	private ChildProcess broker;

	/**
	 * Prepare a node. It does not run yet.
	 */
	public RabbitNode() {
		this(PLAIN_LISTENER);
	}

	/**
	 * Prepare a node that accepts only TLS, from clients with a certificate of the same
	 * authority.
	 * @param certificate the certificate of the node
	 * @return the node, which does not run yet
	 */
	public static RabbitNode withTls(Certificate certificate) {
		return new RabbitNode("""
				listeners.tcp = none
				listeners.ssl.1 = 127.0.0.1:%%d
				ssl_options.cacertfile = %s
				ssl_options.certfile = %s
				ssl_options.keyfile = %s
				ssl_options.verify = verify_peer
				ssl_options.fail_if_no_peer_cert = true""".formatted(certificate.authority(), certificate.certificate(),
				certificate.privateKey()));
	}

	private RabbitNode(String configuration) {
		this(FreePorts.find(3), configuration);
	}

	private RabbitNode(List<Integer> ports, String configuration) {
		this(ports, new NameServer(ports.get(2)), UUID.randomUUID().toString(), configuration);
	}

	/**
	 * Prepare a node of a cluster.
	 * @param ports the AMQP port, and the port for connections between nodes
	 * @param nameServer the name server, which the nodes share
	 * @param cookie the secret that the nodes share
	 * @param configuration its listeners, with a placeholder for the AMQP port, and
	 * further settings
	 */
	RabbitNode(List<Integer> ports, NameServer nameServer, String cookie, String configuration) {
		this.port = ports.get(0);
		this.distributionPort = ports.get(1);
		this.nameServer = nameServer;
		this.encrypted = configuration.contains("ssl");
		writeFiles(configuration.formatted(this.port), cookie);
	}

	/**
	 * The node that the tests of this JVM share. It takes seconds to start and is
	 * therefore kept until the JVM ends; each test uses its own virtual host.
	 * @return the node, running
	 */
	public static synchronized RabbitNode shared() {
		if (shared == null) {
			shared = new RabbitNode();
		}
		shared.start();
		return shared;
	}

	/**
	 * Start the node unless it runs, and wait until it answers. After {@link #killHard()}
	 * it starts with its former data.
	 */
	public void start() {
		launch();
		awaitAnswer();
	}

	void launch() {
		this.nameServer.start();
		if (!isAlive()) {
			this.broker = run("server", List.of(this.server.toString()));
		}
	}

	void awaitAnswer() {
		Awaitility.await("RabbitMQ answers AMQP, see " + this.directory)
			.atMost(START_TIMEOUT)
			.failFast("RabbitMQ ended, see " + this.directory, () -> !this.broker.isAlive())
			.until(this::answers);
	}

	/**
	 * Kill the broker (SIGKILL). Its data stays.
	 */
	public void killHard() {
		this.broker.killHard();
	}

	/**
	 * Suspend the broker (SIGSTOP): its connections stay open and silent.
	 */
	public void freeze() {
		this.broker.signal("STOP");
	}

	/**
	 * Resume the broker after {@link #freeze()}.
	 */
	public void thaw() {
		this.broker.signal("CONT");
	}

	boolean isAlive() {
		return this.broker != null && this.broker.isAlive();
	}

	/**
	 * The name of the node in its cluster.
	 * @return its name
	 */
	public String name() {
		return name(this.port);
	}

	static String name(int port) {
		return "node" + port + "@localhost";
	}

	/**
	 * The AMQP port, which stays the same when the node is restarted.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Create an empty virtual host: the fast way (about a second) to a broker on which
	 * nothing has been declared.
	 * @return its address
	 */
	public BrokerAddress freshVirtualHost() {
		String name = "test-" + this.virtualHosts.incrementAndGet();
		// One command instead of add_vhost and set_permissions: each starts an Erlang VM.
		ctl("eval", """
				Name = <<"%s">>, User = <<"guest">>, Any = <<".*">>,
				rabbit_vhost:add(Name, User),
				rabbit_auth_backend_internal:set_permissions(User, Name, Any, Any, Any, User).""".formatted(name));
		return new BrokerAddress(this.port, name);
	}

	/**
	 * Run {@code rabbitmqctl} against this node.
	 * @param arguments the command and its arguments
	 * @return its output
	 * @throws IllegalStateException if it fails
	 */
	public String ctl(String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(this.server.resolveSibling("rabbitmqctl").toString());
		command.add("--quiet");
		command.addAll(List.of(arguments));
		try (ChildProcess ctl = run("ctl-" + UUID.randomUUID(), command)) {
			int code = ctl.awaitExit();
			if (code != 0) {
				throw new IllegalStateException("%s ended with %d: %s".formatted(command, code, ctl.output()));
			}
			return ctl.output();
		}
	}

	@Override
	public void close() {
		if (this.broker != null) {
			this.broker.close();
		}
		this.nameServer.close();
	}

	private ChildProcess run(String name, List<String> command) {
		return ChildProcess.start(command, this.directory, this.directory.resolve(name + ".log"), this::environment);
	}

	private Map<String, String> environment(Map<String, String> inherited) {
		Map<String, String> environment = new HashMap<>(inherited);
		environment.keySet().removeIf((name) -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
		environment.put("HOME", this.directory.toString());
		environment.put("ERL_EPMD_PORT", "" + this.nameServer.port());
		environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
		environment.put("RABBITMQ_NODENAME", name());
		environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
		environment.put("RABBITMQ_NODE_PORT", "" + this.port);
		environment.put("RABBITMQ_DIST_PORT", "" + this.distributionPort);
		environment.put("RABBITMQ_CONF_ENV_FILE", file("absent-env.conf"));
		environment.put("RABBITMQ_CONFIG_FILE", file("rabbitmq.conf"));
		environment.put("RABBITMQ_ADVANCED_CONFIG_FILE", file("absent-advanced.config"));
		environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", file("enabled_plugins"));
		environment.put("RABBITMQ_GENERATED_CONFIG_DIR", file("generated"));
		environment.put("RABBITMQ_MNESIA_BASE", file("data"));
		environment.put("RABBITMQ_LOG_BASE", file("log"));
		environment.put("RABBITMQ_PID_FILE", file("pid"));
		environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
		// Makes the script exec the broker, so that its process id is the broker's.
		environment.put("RUNNING_UNDER_SYSTEMD", "true");
		return environment;
	}

	private void writeFiles(String configuration, String cookie) {
		try {
			Files.writeString(Path.of(file("rabbitmq.conf")), """
					%s
					log.console = true
					log.file = false
					disk_free_limit.absolute = 50MB
					vm_memory_high_watermark.absolute = 1GB
					""".formatted(configuration));
			Files.writeString(Path.of(file("enabled_plugins")), "[].");
			Files.setPosixFilePermissions(Files.writeString(Path.of(file(".erlang.cookie")), cookie),
					PosixFilePermissions.fromString("r--------"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String file(String name) {
		return this.directory.resolve(name).toString();
	}

	private boolean answers() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 1000);
			if (this.encrypted) {
				return true;
			}
			socket.setSoTimeout(1000);
			socket.getOutputStream().write(new byte[] { 'A', 'M', 'Q', 'P', 0, 0, 9, 1 });
			return socket.getInputStream().read() == 1;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
