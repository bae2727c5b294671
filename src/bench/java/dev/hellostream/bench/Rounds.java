package dev.hellostream.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rounds in which a workload is measured. What is under way is logged before it
 * begins, since it takes its time, and what came of it as soon as it is known.
 *
 * @param workload which workload, and of how many
 * @param count how many times each server is measured
 */
record Rounds(String workload, int count) {

	private static final Logger logger = LoggerFactory.getLogger(Rounds.class);

	/**
	 * Let servers run side by side, and measure one after the other in every round, so
	 * that what the machine does to one it does to all. They are ended after that.
	 * @param <S> the kind of server
	 * @param <T> what is measured in a round
	 * @param peers whom to measure
	 * @param start starts one of them
	 * @param warmUp makes one warm, with {@link #warmUp(Peer, Supplier)}
	 * @param round measures one once
	 * @return the rounds of each
	 */
	<S extends Server, T> Map<Peer, List<T>> sideBySide(Collection<Peer> peers, Function<Peer, S> start,
			BiConsumer<Peer, S> warmUp, Function<S, T> round) {
		Map<Peer, S> servers = new EnumMap<>(Peer.class);
		try {
			for (Peer peer : peers) {
				logger.info("{}, start: {}", this.workload, peer);
				servers.put(peer, start.apply(peer));
			}
			servers.forEach(warmUp);
			return inTurns(peers, (peer) -> round.apply(servers.get(peer)));
		}
		finally {
			servers.values().forEach(Server::close);
		}
	}

	/** Measure the application alone, after some rounds that do not count. */
	<T> List<T> alone(int warmUps, Function<HelloStreamServer, T> round, String... arguments) {
		return sideBySide(List.of(Peer.HELLO_STREAM), (peer) -> new HelloStreamServer(arguments), (peer, server) -> {
			for (int i = 0; i < warmUps; i++) {
				warmUp(peer, () -> round.apply(server));
			}
		}, round).getOrDefault(Peer.HELLO_STREAM, List.of());
	}

	/** Measure the application alone, however it is set up. */
	<T> List<T> alone(Supplier<T> round) {
		return inTurns(List.of(Peer.HELLO_STREAM), (peer) -> round.get()).getOrDefault(Peer.HELLO_STREAM, List.of());
	}

	/** Measure one after the other in every round. */
	<T> Map<Peer, List<T>> inTurns(Collection<Peer> peers, Function<Peer, T> round) {
		Map<Peer, List<T>> all = new EnumMap<>(Peer.class);
		for (int number = 1; number <= this.count; number++) {
			for (Peer peer : peers) {
				T measured = run("round %d of %d".formatted(number, this.count), peer, () -> round.apply(peer));
				all.computeIfAbsent(peer, (key) -> new ArrayList<>()).add(measured);
			}
		}
		return all;
	}

	/** Do what is not measured. */
	void warmUp(Peer peer, Supplier<?> round) {
		run("warm-up", peer, round);
	}

	private <T> T run(String stage, Peer peer, Supplier<T> round) {
		logger.info("{}, {}: {}", this.workload, stage, peer);
		T result = round.get();
		logger.info("    {}", result);
		return result;
	}

}
