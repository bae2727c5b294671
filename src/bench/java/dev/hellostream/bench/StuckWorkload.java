package dev.hellostream.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some subscribers take nothing: do the others notice? Only the application is asked.
 */
final class StuckWorkload implements Workload {

	private static final Logger logger = LoggerFactory.getLogger(StuckWorkload.class);

	private static final int WATCHERS = 900;

	private static final int STUCK = 100;

	private static final int PER_SECOND = 100;

	private static final int MESSAGES = 1_000;

	/** The first of both is compared with the second, so both have to be as warm. */
	private static final int WARM_UP_ROUNDS = 2;

	/** More in all than the largest send buffer that Linux gives a connection. */
	private static final List<byte[]> PREFILL = Collections.nCopies(12,
			('"' + "-".repeat(900_000) + '"').getBytes(StandardCharsets.US_ASCII));

	private static final Duration BLOCK_LIMIT = Duration.ofSeconds(20);

	private long published;

	@Override
	public String name() {
		return "stuck";
	}

	@Override
	public Section measure(int rounds) {
		List<Round> all = new ArrayList<>();
		try (HelloStreamServer server = new HelloStreamServer("--hello-stream.sse.stall-timeout=30m")) {
			for (int round = 1; round <= WARM_UP_ROUNDS; round++) {
				logger.info("{} warm-up: {}", name(), round(server));
			}
			for (int round = 1; round <= rounds; round++) {
				Round measured = round(server);
				all.add(measured);
				logger.info("{} {} of {}: {}", name(), round, rounds, measured);
			}
		}
		return report(all);
	}

	private Round round(HelloStreamServer server) {
		Sample without = watch(server);
		try (StuckClients stuck = new StuckClients(server, STUCK)) {
			server.publish(PREFILL);
			Await.until(BLOCK_LIMIT, () -> stuck.blocked() == STUCK);
			long before = stuck.blocked();
			Sample with = watch(server);
			return new Round(without, with, Math.min(before, stuck.blocked()));
		}
	}

	private Sample watch(HelloStreamServer server) {
		long first = this.published;
		this.published += MESSAGES;
		return new FanoutRound(server, WATCHERS, first, MESSAGES)
			.run((publisher, deliveries) -> SteadyWorkload.publish(publisher, first, MESSAGES, PER_SECOND));
	}

	private Section report(List<Round> rounds) {
		Section section = new Section(name(),
				"%d watchers get %d messages a second, without and with %d more that never read. %.1f MB were published to those before, so that they are blocked."
					.formatted(WATCHERS, PER_SECOND, STUCK, PREFILL.size() * PREFILL.get(0).length / 1e6),
				"", "p50 ms", "p99 ms", "p99.9 ms", "server CPU µs a delivery");
		row(section, "without", rounds.stream().map(Round::without).toList());
		row(section, "with", rounds.stream().map(Round::with).toList());
		section.goals()
			.add(Goal.atMost(1.2, "stuck: p99 of the others, by that without them",
					Stats.of(rounds, (round) -> round.with().millis(99) / round.without().millis(99))));
		rounds.stream()
			.filter((round) -> round.blocked() != STUCK)
			.forEach((round) -> section.fault("stuck clients",
					"only %d were blocked all the time".formatted(round.blocked())));
		return section;
	}

	private static void row(Section section, String title, List<Sample> samples) {
		section.row(title, Stats.of(samples, (sample) -> sample.millis(50)).show("%.1f"),
				Stats.of(samples, (sample) -> sample.millis(99)).show("%.1f"),
				Stats.of(samples, (sample) -> sample.millis(99.9)).show("%.1f"),
				Stats.of(samples, Sample::cpuMicros).show("%.2f"));
		section.faults(title, samples);
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
