package dev.hellostream.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every message to every subscriber, at a rate or all at once.
 */
abstract class FanoutWorkload implements Workload {

	private static final Logger logger = LoggerFactory.getLogger(FanoutWorkload.class);

	/** Until then a JVM has not compiled what it runs: deliveries cost twice as much. */
	private static final long JVM_WARM_UP = 2_000_000;

	private final int subscribers;

	private final int messages;

	private long published;

	FanoutWorkload(int subscribers, int messages) {
		this.subscribers = subscribers;
		this.messages = messages;
	}

	@Override
	public Section measure(int rounds) {
		Map<Peer, StreamServer> servers = new EnumMap<>(Peer.class);
		Map<Peer, List<Sample>> samples = new EnumMap<>(Peer.class);
		try {
			for (Peer peer : Peer.present(Peer.HELLO_STREAM, Peer.NCHAN, Peer.IDIOMATIC)) {
				servers.put(peer, peer.start());
				samples.put(peer, new ArrayList<>());
			}
			servers.forEach(this::warmUp);
			for (int round = 1; round <= rounds; round++) {
				for (Map.Entry<Peer, StreamServer> server : servers.entrySet()) {
					Sample sample = round(server.getValue());
					samples.get(server.getKey()).add(sample);
					logger.info("{} {} of {}: {}: {}", name(), round, rounds, server.getKey(), sample.line());
				}
			}
		}
		finally {
			servers.values().forEach(Server::close);
		}
		return report(samples);
	}

	private void warmUp(Peer peer, StreamServer server) {
		long delivered = 0;
		do {
			Sample sample = round(server);
			delivered += (long) this.subscribers * this.messages;
			logger.info("{} warm-up: {}: {}", name(), peer, sample.line());
		}
		while (peer.isJvm() && delivered < JVM_WARM_UP);
	}

	private Sample round(StreamServer server) {
		long first = this.published;
		this.published += this.messages;
		return new FanoutRound(server, this.subscribers, first, this.messages)
			.run((publisher, deliveries) -> publish(server, publisher, first, this.messages));
	}

	/**
	 * Publish the messages of a round.
	 * @param server the server
	 * @param publisher a connection to it
	 * @param first the number of the first message
	 * @param count how many messages
	 */
	abstract void publish(StreamServer server, PostPublisher publisher, long first, int count);

	/**
	 * Tell what is done.
	 * @return a sentence
	 */
	abstract String description();

	/**
	 * Compare.
	 * @param ours the application's samples
	 * @param peer the peer
	 * @param theirs its samples
	 * @return the goals against this peer
	 */
	abstract List<Goal> goals(List<Sample> ours, Peer peer, List<Sample> theirs);

	private Section report(Map<Peer, List<Sample>> samples) {
		Section section = new Section(name(), description(), "", "deliveries/s", "server CPU µs a delivery",
				"deliveries a server CPU second", "p50 ms", "p99 ms", "p99.9 ms", "client's share of the machine");
		samples.forEach((peer, all) -> {
			section.row(peer.toString(), Stats.of(all, Sample::perSecond).show("%,.0f"),
					Stats.of(all, Sample::cpuMicros).show("%.2f"), Stats.of(all, Sample::perCpuSecond).show("%,.0f"),
					Stats.of(all, (sample) -> sample.millis(50)).show("%.1f"),
					Stats.of(all, (sample) -> sample.millis(99)).show("%.1f"),
					Stats.of(all, (sample) -> sample.millis(99.9)).show("%.1f"),
					Stats.of(all, (sample) -> 100 * sample.usage().clientShare()).show("%.0f %%"));
			section.voids(peer, all);
			if (peer != Peer.HELLO_STREAM) {
				section.goals().addAll(goals(samples.get(Peer.HELLO_STREAM), peer, all));
			}
		});
		return section;
	}

}
