package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Every message to every subscriber, at a rate or all at once.
 */
abstract class FanoutWorkload implements Workload {

	/** Until then a JVM is busy compiling what it runs: deliveries cost twice as much. */
	private static final Duration JVM_WARM_UP = Duration.ofSeconds(45);

	/**
	 * Few watchers and many messages, since a message's way to the hub is long as well.
	 */
	private static final int WARM_UP_SUBSCRIBERS = 50;

	private static final int WARM_UP_MESSAGES = 5_000;

	private static final List<Column<Sample>> COLUMNS = List.of(
			new Column<>("deliveries/s", "%,.0f", Sample::perSecond),
			new Column<>("server CPU µs a delivery", "%.2f", Sample::cpuMicros),
			new Column<>("deliveries a server CPU second", "%,.0f", Sample::perCpuSecond), Column.millis("50"),
			Column.millis("99"), Column.millis("99.9"), Column.clientShare());

	private final int subscribers;

	private final int messages;

	private long published;

	FanoutWorkload(int subscribers, int messages) {
		this.subscribers = subscribers;
		this.messages = messages;
	}

	@Override
	public Section measure(Rounds rounds) {
		Map<Peer, List<Sample>> samples = rounds.sideBySide(Peer.streaming(), Peer::start,
				(peer, server) -> warmUp(rounds, peer, server), this::round);
		Section section = new Section(name(), description(), COLUMNS);
		samples.forEach((peer, all) -> section.samples(peer, all, COLUMNS));
		addGoals(section, samples);
		return section;
	}

	private void warmUp(Rounds rounds, Peer peer, StreamServer server) {
		long start = System.nanoTime();
		do {
			rounds.warmUp(peer, () -> {
				if (peer.isJvm()) {
					long first = next(WARM_UP_MESSAGES);
					new FanoutRound(server, WARM_UP_SUBSCRIBERS, first, WARM_UP_MESSAGES)
						.run((publisher, deliveries) -> LongStream.range(first, first + WARM_UP_MESSAGES)
							.mapToObj(Message::now)
							.forEach(publisher::publish));
				}
				return round(server);
			});
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

	/** What is done, in a sentence. */
	abstract String description();

	/** Compare with those peers that were measured. */
	abstract void addGoals(Section section, Map<Peer, List<Sample>> samples);

}
