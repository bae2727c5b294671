package dev.hellostream.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Some subscribers take nothing: do the others notice? Only the application is asked.
 */
final class StuckWorkload implements Workload {

	private static final int WATCHERS = 900;

	private static final int STUCK = 100;

	/** The first of both is compared with the second, so both have to be as warm. */
	private static final int WARM_UP_ROUNDS = 2;

	/** More in all than the largest send buffer that Linux gives a connection. */
	private static final List<byte[]> PREFILL = Collections.nCopies(12,
			('"' + "-".repeat(900_000) + '"').getBytes(StandardCharsets.US_ASCII));

	private static final Duration BLOCK_LIMIT = Duration.ofSeconds(20);

	private final Watchers watchers = new Watchers(WATCHERS);

	@Override
	public String name() {
		return "stuck";
	}

	@Override
	public Section measure(Rounds rounds) {
		return report(rounds.alone(WARM_UP_ROUNDS, this::round, "--hello-stream.sse.stall-timeout=30m"));
	}

	private Round round(HelloStreamServer server) {
		Sample without = this.watchers.watch(server);
		try (StuckClients stuck = new StuckClients(server, STUCK)) {
			server.publish(PREFILL);
			Await.until(BLOCK_LIMIT, () -> stuck.blocked() == STUCK);
			long before = stuck.blocked();
			Sample with = this.watchers.watch(server);
			return new Round(without, with, Math.min(before, stuck.blocked()));
		}
	}

	private Section report(List<Round> rounds) {
		Section section = new Section(name(),
				"%d watchers get %d messages a second, without and with %d more that never read. %.1f MB were published to those before, so that they are blocked."
					.formatted(WATCHERS, Watchers.PER_SECOND, STUCK, PREFILL.size() * PREFILL.get(0).length / 1e6),
				Watchers.COLUMNS);
		section.samples("without", rounds.stream().map(Round::without).toList(), Watchers.COLUMNS);
		section.samples("with", rounds.stream().map(Round::with).toList(), Watchers.COLUMNS);
		section.goal(Goal.atMost(1.2, "stuck: p99 of the others, by that without them",
				Stats.of(rounds, (round) -> round.with().millis(99) / round.without().millis(99))));
		rounds.stream()
			.filter((round) -> round.blocked() != STUCK)
			.forEach((round) -> section.fault("stuck clients",
					"only %d were blocked all the time".formatted(round.blocked())));
		return section;
	}

	/** The same twice, and how many were blocked from the begin to the end. */
	private record Round(Sample without, Sample with, long blocked) {

		@Override
		public String toString() {
			return "without: p99 %.1f ms; with %d blocked: p99 %.1f ms".formatted(this.without.millis(99), this.blocked,
					this.with.millis(99));
		}

	}

}
