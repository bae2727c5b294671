package dev.hellostream.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every message to every subscriber, at a rate or all at once.
 */
abstract class FanoutWorkload implements Workload {

	private static final Logger logger = LoggerFactory.getLogger(FanoutWorkload.class);

	/** Until then a JVM is busy compiling what it runs: deliveries cost twice as much. */
	private static final Duration JVM_WARM_UP = Duration.ofSeconds(45);

	/**
	 * Few watchers and many messages, since a message's way to the hub is long as well.
	 */
	private static final int WARM_UP_SUBSCRIBERS = 50;

	private static final int WARM_UP_MESSAGES = 5_000;

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
		long start = System.nanoTime();
		do {
			if (peer.isJvm()) {
				long first = next(WARM_UP_MESSAGES);
				new FanoutRound(server, WARM_UP_SUBSCRIBERS, first, WARM_UP_MESSAGES)
					.run((publisher, deliveries) -> LongStream.range(first, first + WARM_UP_MESSAGES)
						.mapToObj(Message::now)
						.forEach(publisher::publish));
			}
			logger.info("{} warm-up: {}: {}", name(), peer, round(server).line());
		}
		while (peer.isJvm() && System.nanoTime() - start < JVM_WARM_UP.toNanos());
	}

	private long next(int count) {
		long first = this.published;
		this.published += count;
		return first;
	}

	private Sample round(StreamServer server) {
		long first = next(this.messages);
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
