package dev.hellostream.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;

/**
 * A private RabbitMQ cluster of several {@link RabbitNode nodes}. Not thread-safe.
 */
public final class RabbitCluster implements AutoCloseable {

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private final List<RabbitNode> nodes = new ArrayList<>();

	/**
	 * Prepare a cluster. It does not run yet.
	 * @param size the number of nodes
	 */
	public RabbitCluster(int size) {
		// In one call, so that no port is found twice.
		List<Integer> ports = FreePorts.find(2 * size + 1);
		List<Integer> amqpPorts = ports.subList(0, size);
		NameServer nameServer = new NameServer(ports.get(2 * size));
		String cookie = UUID.randomUUID().toString();
		String members = IntStream.range(0, size)
			.mapToObj((i) -> "cluster_formation.classic_config.nodes.%d = %s".formatted(i + 1,
					RabbitNode.name(amqpPorts.get(i))))
			.collect(Collectors.joining("\n"));
		for (int i = 0; i < size; i++) {
			this.nodes.add(new RabbitNode(List.of(amqpPorts.get(i), ports.get(size + i)), nameServer, cookie,
					RabbitNode.PLAIN_LISTENER + "\ncluster_formation.peer_discovery_backend = classic_config\n"
							+ members));
		}
	}

	/**
	 * Start the nodes that are not running, and wait until all are members.
	 */
	public void start() {
		this.nodes.forEach(RabbitNode::launch);
		this.nodes.forEach(RabbitNode::awaitAnswer);
		ctl("await_online_nodes", "" + this.nodes.size());
	}

	public List<RabbitNode> nodes() {
		return Collections.unmodifiableList(this.nodes);
	}

	/**
	 * Create an empty virtual host.
	 * @return its address, with the ports of all nodes
	 */
	public BrokerAddress freshVirtualHost() {
		String name = anyRunning().freshVirtualHost().virtualHost();
		return new BrokerAddress(this.nodes.stream().map(RabbitNode::port).toList(), name);
	}

	/**
	 * Find the node with the leader of a queue or RabbitMQ stream.
	 * @param virtualHost the virtual host
	 * @param queue the name of the queue or RabbitMQ stream
	 * @return the node
	 */
	public RabbitNode leader(String virtualHost, String queue) {
		String leader = column(virtualHost, queue, "leader");
		return this.nodes.stream()
			.filter((node) -> node.name().equals(leader))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("%s is led by '%s'".formatted(queue, leader)));
	}

	/**
	 * Wait until every node has an online replica of a queue or RabbitMQ stream.
	 * @param virtualHost the virtual host
	 * @param queue the name of the queue or RabbitMQ stream
	 */
	public void awaitReplicas(String virtualHost, String queue) {
		Awaitility.await("replicas of " + queue).atMost(LIMIT).until(() -> {
			String online = column(virtualHost, queue, "online");
			return this.nodes.stream().allMatch((node) -> online.contains(node.name()));
		});
	}

	/**
	 * Run {@code rabbitmqctl} against a running node.
	 * @param arguments the command and its arguments
	 * @return its output
	 */
	public String ctl(String... arguments) {
		return anyRunning().ctl(arguments);
	}

	@Override
	public void close() {
		this.nodes.forEach(RabbitNode::close);
	}

	private RabbitNode anyRunning() {
		return this.nodes.stream().filter(RabbitNode::isAlive).findFirst().orElseThrow();
	}

	private String column(String virtualHost, String queue, String column) {
		return ctl("list_queues", "-p", virtualHost, "name", column).lines()
			.map((line) -> line.split("\t", 2))
			.filter((columns) -> columns.length == 2 && columns[0].equals(queue))
			.map((columns) -> columns[1])
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("There is no " + queue));
	}

}
