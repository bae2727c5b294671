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
		Benchmark.run(chosen(System.getProperty("bench.only", "")),
				rounds.isEmpty() ? ROUNDS : Integer.parseInt(rounds));
	}

	private static void run(List<Workload> workloads, int rounds) {
		Report report = new Report(rounds);
		for (Workload workload : workloads) {
			logger.info("{} of {}", workload.name(),
					workloads.stream().map(Workload::name).collect(Collectors.joining(", ")));
			logger.info("written to {}", report.add(workload.measure(rounds)));
		}
	}

	private static List<Workload> chosen(String only) {
		List<Workload> all = List.of(new BurstWorkload(), SteadyWorkload.trickle(), SteadyWorkload.wide(),
				new IdleWorkload(), new HelloWorkload());
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
