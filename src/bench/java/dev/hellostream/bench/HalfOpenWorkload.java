package dev.hellostream.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.hellostream.testing.ChildProcess;

/**
 * Thousands of requests come to no end: do the watchers notice? Only the application is
 * asked.
 */
final class HalfOpenWorkload implements Workload {

	private static final int WATCHERS = 200;

	private static final int WARM_UP_ROUNDS = 2;

	private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);

	private final List<Attack> attacks = Arrays.stream(Attack.values()).filter(Attack::isHere).toList();

	private final Watchers watchers = new Watchers(WATCHERS);

	@Override
	public String name() {
		return "half-open";
	}

	@Override
	public Section measure(Rounds rounds) {
		return report(rounds.alone(WARM_UP_ROUNDS, this::round));
	}

	private Round round(HelloStreamServer server) {
		Sample quiet = this.watchers.watch(server);
		Map<Attack, Attacked> attacked = new EnumMap<>(Attack.class);
		this.attacks.forEach((attack) -> attacked.put(attack, watch(server, attack)));
		return new Round(quiet, attacked);
	}

	private Attacked watch(HelloStreamServer server, Attack attack) {
		double before = refused(server);
		try (ChildProcess attacker = attack.start(server)) {
			boolean all = Await.until(OPEN_LIMIT,
					() -> attacker.isAlive() && connections(server) > attack.connections() * 0.8);
			Sample sample = this.watchers.watch(server);
			return new Attacked(sample, all, (int) connections(server), (int) (refused(server) - before));
		}
		finally {
			Await.until(OPEN_LIMIT, () -> connections(server) < attack.connections() * 0.1);
		}
	}

	private static double connections(HelloStreamServer server) {
		return server.metric("hello_stream_web_connections");
	}

	private static double refused(HelloStreamServer server) {
		return server.metric("hello_stream_web_refusals_total");
	}

	private Section report(List<Round> rounds) {
		Section section = new Section(name(),
				"%d watchers get %d messages a second, without and with requests that come to no end."
					.formatted(WATCHERS, Watchers.PER_SECOND),
				Watchers.COLUMNS, "open after it", "cut off or refused");
		section.samples("quiet", rounds.stream().map(Round::quiet).toList(), Watchers.COLUMNS, "", "");
		for (Attack attack : this.attacks) {
			List<Attacked> attacked = rounds.stream().map((round) -> round.attacked().get(attack)).toList();
			section.samples(attack, attacked.stream().map(Attacked::sample).toList(), Watchers.COLUMNS,
					Stats.of(attacked, Attacked::open).show("%.0f"), Stats.of(attacked, Attacked::cutOff).show("%.0f"));
			section.goal(Goal.atMost(1.5, "p99 of the watchers by that without them: " + attack,
					Stats.of(rounds, (round) -> round.ratio(attack))));
			attacked.stream()
				.filter((one) -> !one.all())
				.forEach((one) -> section.fault(attack, "only %d were open".formatted(one.open())));
		}
		if (this.attacks.size() < Attack.values().length) {
			section.note("`slowhttptest` is not on this machine: `apt-get install slowhttptest`.");
		}
		return section;
	}

	/** The same again and again. */
	private record Round(Sample quiet, Map<Attack, Attacked> attacked) {

		double ratio(Attack attack) {
			return this.attacked.get(attack).sample().millis(99) / this.quiet.millis(99);
		}

		@Override
		public String toString() {
			return "quiet: p99 %.1f ms; %s".formatted(this.quiet.millis(99),
					this.attacked.entrySet()
						.stream()
						.map((entry) -> "%s: %.1f ms (%.2f), %d open, %d cut off".formatted(entry.getKey(),
								entry.getValue().sample().millis(99), ratio(entry.getKey()), entry.getValue().open(),
								entry.getValue().cutOff()))
						.collect(Collectors.joining("; ")));
		}

	}

	/** Whether most were open before it, how many after it, and how many were cut off. */
	private record Attacked(Sample sample, boolean all, int open, int cutOff) {

	}

}
