package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.hellostream.testing.Jvm;

/**
 * What a stream costs that is open and has nothing to do.
 */
final class IdleWorkload implements Workload {

	private static final int STREAMS = 8_000;

	private static final int WARM_UP_STREAMS = 300;

	private static final int WARM_UP_MESSAGES = 500;

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** For what a server does after a connection was opened or closed. */
	private static final Duration SETTLE = Duration.ofSeconds(2);

	private static final List<Column<Growth>> COLUMNS = List.of(
			new Column<>("resident KB a stream", "%.1f", (growth) -> growth.resident() / 1024),
			new Column<>("live heap KB a stream", "%.1f", (growth) -> growth.heap() / 1024),
			new Column<>("resident MB in all", "%.0f", (growth) -> growth.total() / (1024 * 1024)));

	@Override
	public String name() {
		return "idle";
	}

	@Override
	public Section measure(Rounds rounds) {
		return report(rounds.inTurns(Peer.streaming(), this::growth));
	}

	private Growth growth(Peer peer) {
		try (StreamServer server = peer.start()) {
			warmUp(server);
			Memory before = memory(peer, server);
			try (LoadClient client = new LoadClient(server.address())) {
				client.open(Watcher.many(STREAMS, server.subscription(), 0, new Deliveries()), LIMIT);
				Await.pause(SETTLE);
				Memory after = memory(peer, server);
				client.check();
				return new Growth((after.resident() - before.resident()) / STREAMS,
						(after.heap() - before.heap()) / STREAMS, after.resident());
			}
		}
	}

	/** So that what a process needs once is not counted for the streams. */
	private void warmUp(StreamServer server) {
		Deliveries deliveries = new Deliveries();
		try (LoadClient client = new LoadClient(server.address())) {
			client.open(Watcher.many(WARM_UP_STREAMS, server.subscription(), 0, deliveries), LIMIT);
			Await.pause(SETTLE);
			server.publish(Message.now(0, WARM_UP_MESSAGES));
			Await.until(LIMIT, () -> deliveries.count() >= (long) WARM_UP_STREAMS * WARM_UP_MESSAGES);
		}
		Await.pause(SETTLE);
	}

	private static Memory memory(Peer peer, StreamServer server) {
		long pid = server.processes().pid();
		double heap = Double.NaN;
		if (peer.isJvm()) {
			Jvm.collect(pid);
			heap = Jvm.liveHeapBytes(pid);
			Jvm.collect(pid);
		}
		return new Memory(server.processes().residentBytes(), heap);
	}

	private Section report(Map<Peer, List<Growth>> growths) {
		Section section = new Section(name(),
				"%,d streams that get nothing, in a fresh process that has had %d before. JVMs are told to collect garbage before and after."
					.formatted(STREAMS, WARM_UP_STREAMS),
				COLUMNS);
		growths.forEach((peer, all) -> section.row(peer, all, COLUMNS));
		List<Growth> ours = growths.getOrDefault(Peer.HELLO_STREAM, List.of());
		Peer.betterNchan(growths, Growth::resident)
			.ifPresent((theirs) -> section.goal(Goal.atMost(1.0, "idle: resident growth a stream, by nchan",
					Stats.ratio(ours, theirs, Growth::resident))));
		section
			.goal(Goal.atMost(8, "idle: KB of live heap a stream", Stats.of(ours, (growth) -> growth.heap() / 1024)));
		return section;
	}

	private record Memory(double resident, double heap) {
	}

	/**
	 * What the streams have added.
	 *
	 * @param resident bytes of resident memory a stream
	 * @param heap bytes of live heap a stream, if there is a heap
	 * @param total bytes of resident memory of the whole server
	 */
	private record Growth(double resident, double heap, double total) {

		@Override
		public String toString() {
			return "%.1f KB resident a stream%s, %.0f MB in all".formatted(this.resident / 1024,
					Double.isNaN(this.heap) ? "" : ", %.1f KB of live heap".formatted(this.heap / 1024),
					this.total / (1024 * 1024));
		}

	}

}
