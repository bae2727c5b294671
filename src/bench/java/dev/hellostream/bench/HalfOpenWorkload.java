package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;

/**
 * Thousands of requests come to no end: do the watchers notice? Only the application is
 * asked.
 */
final class HalfOpenWorkload implements Workload {

	private static final int WATCHERS = 200;

	private static final int HALF_OPEN = 5_000;

	private static final int PER_SECOND = 100;

	private static final int MESSAGES = 1_000;

	private static final int WARM_UP_ROUNDS = 2;

	private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);

	private static final List<Column<Sample>> COLUMNS = List.of(Column.millis("50"), Column.millis("99"),
			Column.millis("99.9"), new Column<>("server CPU µs a delivery", "%.2f", Sample::cpuMicros));

	private long published;

	@Override
	public String name() {
		return "half-open";
	}

	@Override
	public Section measure(Rounds rounds) {
		return report(rounds.alone(WARM_UP_ROUNDS, this::round));
	}

	private Round round(HelloStreamServer server) {
		Sample quiet = watch(server);
		try (HalfOpenClients clients = new HalfOpenClients(server, HALF_OPEN)) {
			boolean all = Await.until(OPEN_LIMIT, () -> clients.open() > HALF_OPEN * 8 / 10);
			int before = clients.cutOff();
			Sample attacked = watch(server);
			return new Round(quiet, attacked, all ? clients.open() : 0, clients.cutOff() - before);
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
				"%d watchers get %d messages a second, without and with %,d requests whose head grows by a field a second and never ends. Those that are cut off come again, some 450 a second."
					.formatted(WATCHERS, PER_SECOND, HALF_OPEN),
				COLUMNS);
		section.samples("quiet", rounds.stream().map(Round::quiet).toList(), COLUMNS);
		section.samples("with half-open requests", rounds.stream().map(Round::attacked).toList(), COLUMNS);
		section.goal(Goal.atMost(1.5, "half-open: p99 of the watchers, by that without them",
				Stats.of(rounds, (round) -> round.attacked().millis(99) / round.quiet().millis(99))));
		section.note("Cut off while it was measured: %s.".formatted(rounds.stream().map(Round::cutOff).toList()));
		rounds.stream()
			.filter((round) -> round.open() < HALF_OPEN / 2)
			.forEach((round) -> section.fault("half-open requests", "only %d were open".formatted(round.open())));
		return section;
	}

	/** The same twice, how many requests were half open, and how many were cut off. */
	private record Round(Sample quiet, Sample attacked, int open, int cutOff) {

		@Override
		public String toString() {
			return "quiet: p99 %.1f ms; with %d half open, %d cut off: p99 %.1f ms".formatted(this.quiet.millis(99),
					this.open, this.cutOff, this.attacked.millis(99));
		}

	}

}
