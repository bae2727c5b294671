package dev.hellostream.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the workloads one after the other, see {@code docs/benchmarks.md}.
 *
 * <pre>
 *   ./mvnw -Pbench verify [-Dbench.only=burst,trickle] [-Dbench.rounds=5]
 * </pre>
 */
public final class Benchmark {

	private static final Logger logger = LoggerFactory.getLogger(Benchmark.class);

	private static final int ROUNDS = 5;

	private Benchmark() {
	}

	public static void main(String[] args) {
		String rounds = System.getProperty("bench.rounds", "");
		List<Workload> workloads = chosen(System.getProperty("bench.only", ""));
		if (!run(workloads, rounds.isEmpty() ? ROUNDS : Integer.parseInt(rounds))) {
			System.exit(1);
		}
	}

	private static boolean run(List<Workload> workloads, int rounds) {
		boolean complete = true;
		Report report = new Report(rounds);
		for (Workload workload : workloads) {
			String name = workload.name();
			int number = workloads.indexOf(workload) + 1;
			Section section;
			StolenTime stolen = StolenTime.start();
			try {
				section = workload
					.measure(new Rounds("%s (%d of %d)".formatted(name, number, workloads.size()), rounds));
				section.note("The hypervisor took %.1f %% of the machine's time in the meantime."
					.formatted(100 * stolen.share()));
			}
			catch (RuntimeException ex) {
				// The others may tell something nevertheless.
				logger.error("{} failed", name, ex);
				section = new Section(name, "**Failed**: " + ex, List.of());
				complete = false;
			}
			logger.info("written to {}", report.add(section));
		}
		return complete;
	}

	private static List<Workload> chosen(String only) {
		List<Workload> all = List.of(new BurstWorkload(), SteadyWorkload.trickle(), SteadyWorkload.wide(),
				new IdleWorkload(), CatchUpWorkload.near(), CatchUpWorkload.far(), new StuckWorkload(),
				new HalfOpenWorkload(), new HelloWorkload(), new RabbitRateWorkload(), new InstancesWorkload(),
				RabbitLatencyWorkload.busy(), RabbitLatencyWorkload.oneByOne(), new RabbitPublishWorkload(),
				new StartWorkload(), new StormWorkload());
		if (only.isEmpty()) {
			return all;
		}
		Set<String> names = Arrays.stream(only.split(",", -1)).map(String::strip).collect(Collectors.toSet());
		List<Workload> chosen = all.stream().filter((workload) -> names.contains(workload.name())).toList();
		if (chosen.size() != names.size()) {
			throw new IllegalArgumentException("bench.only names workloads out of %s, not %s"
				.formatted(all.stream().map(Workload::name).toList(), only));
		}
		return chosen;
	}

}
