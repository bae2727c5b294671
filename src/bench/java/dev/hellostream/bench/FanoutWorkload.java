package dev.hellostream.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

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
			for (Peer peer : Peer.streaming()) {
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
	 * @param samples the samples of each peer
	 * @return the goals against those peers that were measured
	 */
	abstract List<Goal> goals(Map<Peer, List<Sample>> samples);

	/**
	 * The samples of the one of nchan's two settings whose median is better.
	 * @param samples the samples of each peer
	 * @param cost what is to be low
	 * @return the samples, or empty if nchan was not measured
	 */
	static Optional<List<Sample>> nchan(Map<Peer, List<Sample>> samples, ToDoubleFunction<Sample> cost) {
		return samples.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().isNchan())
			.map(Map.Entry::getValue)
			.min(Comparator.comparingDouble((all) -> Stats.of(all, cost).median()));
	}

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
			section.faults(peer, all);
		});
		section.goals().addAll(goals(samples));
		return section;
	}

}
