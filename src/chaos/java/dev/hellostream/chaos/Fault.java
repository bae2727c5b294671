package dev.hellostream.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

import dev.hellostream.testing.RabbitCluster;
import dev.hellostream.testing.RabbitNode;

/**
 * What goes wrong.
 */
enum Fault {

	/** One of the two instances is killed, and another one started. */
	APPLICATION("kill -9 of an instance", 1, 1) {

		@Override
		String strike(Scene scene, RandomGenerator random) {
			int victim = random.nextInt(Instances.COUNT);
			scene.instances().get(victim).killHard();
			scene.instances().restart(victim);
			return "instance " + victim;
		}

	},

	/** The only node is killed, and started again with its data. */
	BROKER("kill -9 of the broker", 1, 2) {

		@Override
		String strike(Scene scene, RandomGenerator random) {
			RabbitNode node = scene.cluster().nodes().get(0);
			node.killHard();
			Wait.pause(Duration.ofMillis(random.nextInt(2_000)));
			node.start();
			return "the node";
		}

	},

	/** The node that leads the queue or the stream is killed, and started again. */
	LEADER("kill -9 of a leader of three nodes", 3, 2) {

		@Override
		String strike(Scene scene, RandomGenerator random) {
			RabbitCluster cluster = scene.cluster();
			String virtualHost = scene.address().virtualHost();
			String led = random.nextBoolean() ? Producer.QUEUE : STREAM;
			RabbitNode leader = cluster.leader(virtualHost, led);
			leader.killHard();
			Wait.pause(Duration.ofMillis(2_000 + random.nextInt(2_000)));
			leader.start();
			awaitReplicas(scene);
			return "leader of " + led;
		}

	},

	/**
	 * Two of three nodes are killed, so that nothing can be stored, and started again.
	 */
	MAJORITY("kill -9 of two of three nodes", 3, 2) {

		@Override
		String strike(Scene scene, RandomGenerator random) {
			List<RabbitNode> nodes = scene.cluster().nodes();
			int spared = random.nextInt(nodes.size());
			List<RabbitNode> victims = nodes.stream().filter((node) -> node != nodes.get(spared)).toList();
			victims.forEach(RabbitNode::killHard);
			Wait.pause(Duration.ofMillis(2_000 + random.nextInt(2_000)));
			victims.forEach(RabbitNode::start);
			awaitReplicas(scene);
			return "all but node " + spared;
		}

	},

	/** The node that leads the stream does nothing for a while, and says nothing. */
	FREEZE("freeze of a leader of three nodes", 3, 2) {

		@Override
		String strike(Scene scene, RandomGenerator random) {
			RabbitNode leader = scene.cluster().leader(scene.address().virtualHost(), STREAM);
			int millis = 3_000 + random.nextInt(12_000);
			leader.freeze();
			try {
				Wait.pause(Duration.ofMillis(millis));
			}
			finally {
				leader.thaw();
			}
			awaitReplicas(scene);
			return "leader of %s for %.1f s".formatted(STREAM, millis / 1e3);
		}

	},

	/** The operator closes the connections of everybody. */
	CONNECTIONS("close all connections", 1, 2) {

		@Override
		String strike(Scene scene, RandomGenerator random) {
			scene.cluster().ctl("close_all_connections", "--vhost", scene.address().virtualHost(), "chaos");
			return "all";
		}

	},

	/** The broker says that it is out of memory, and blocks all who publish. */
	ALARM("memory alarm on and off", 1, 0) {

		@Override
		String strike(Scene scene, RandomGenerator random) {
			int millis = 1_000 + random.nextInt(6_000);
			try {
				scene.cluster().ctl("set_vm_memory_high_watermark", "0.00001");
				Wait.pause(Duration.ofMillis(millis));
			}
			finally {
				scene.cluster().ctl("set_vm_memory_high_watermark", "absolute", "1GB");
			}
			return "for %.1f s".formatted(millis / 1e3);
		}

	};

	private static final String STREAM = "hello.log";

	/** What an instance has received at most and not acknowledged. */
	private static final int PREFETCH = 1000;

	private final String text;

	private final int nodes;

	private final int consumers;

	/**
	 * Describe a fault.
	 * @param text what it is
	 * @param nodes how many nodes the broker has where it can happen
	 * @param consumers how many instances are cut off from their broker
	 */
	Fault(String text, int nodes, int consumers) {
		this.text = text;
		this.nodes = nodes;
		this.consumers = consumers;
	}

	/**
	 * Let it happen, and pass. Blocks.
	 * @param scene where
	 * @param random decides what the fault leaves open
	 * @return what it hit
	 */
	abstract String strike(Scene scene, RandomGenerator random);

	private static void awaitReplicas(Scene scene) {
		scene.cluster().awaitReplicas(scene.address().virtualHost(), Producer.QUEUE);
		scene.cluster().awaitReplicas(scene.address().virtualHost(), STREAM);
	}

	/** How many nodes the broker has where this can happen. */
	int nodes() {
		return this.nodes;
	}

	/** How many messages without ids may be seen twice. */
	int mostDuplicates() {
		return this.consumers * PREFETCH;
	}

	/** How it is chosen with {@code -Dchaos.only}. */
	String id() {
		return name().toLowerCase(Locale.ROOT);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
