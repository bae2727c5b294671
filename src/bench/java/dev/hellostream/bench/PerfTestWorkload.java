package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.RabbitNode;

/**
 * The application with a RabbitMQ of one node, beside RabbitMQ's own load tool with the
 * same node.
 */
abstract class PerfTestWorkload extends RabbitWorkload {

	private static final Duration JVM_WARM_UP = Duration.ofSeconds(45);

	@Override
	final Section measure(Rounds rounds, RabbitNode node) {
		BrokerAddress broker = node.freshVirtualHost();
		try (HelloStreamServer server = HelloStreamServer.before(broker)) {
			return measure(rounds, broker, server);
		}
	}

	private Section measure(Rounds rounds, BrokerAddress broker, HelloStreamServer server) {
		long start = System.nanoTime();
		while (System.nanoTime() - start < JVM_WARM_UP.toNanos()) {
			rounds.warmUp(Peer.HELLO_STREAM, () -> ours(server, broker));
		}
		Map<Peer, List<RabbitSample>> samples = rounds.inTurns(List.of(Peer.HELLO_STREAM, Peer.PERF_TEST),
				(peer) -> (peer == Peer.PERF_TEST) ? theirs(broker) : ours(server, broker));
		Section section = new Section(name(), description(), RabbitSample.COLUMNS);
		samples.forEach((peer, all) -> {
			section.row(peer, all, RabbitSample.COLUMNS);
			all.forEach((sample) -> section.fault(peer, sample.fault()));
		});
		addGoals(section, samples.getOrDefault(Peer.HELLO_STREAM, List.of()),
				samples.getOrDefault(Peer.PERF_TEST, List.of()));
		return section;
	}

	/** What is done, in a sentence. */
	abstract String description();

	/** Measure the application once. */
	abstract RabbitSample ours(HelloStreamServer server, BrokerAddress broker);

	/** Measure the load tool once. */
	abstract RabbitSample theirs(BrokerAddress broker);

	/** Compare them. */
	abstract void addGoals(Section section, List<RabbitSample> ours, List<RabbitSample> theirs);

}
