package dev.hellostream.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is done, and how often.
 *
 * @param faults what goes wrong
 * @param rounds how many rounds of each fault, with ids and without
 * @param messages how many messages are published in a round
 * @param limit after this time no further round begins
 * @param seed decides what is left to chance
 */
record Settings(List<Fault> faults, int rounds, int messages, Duration limit, long seed) {

	/**
	 * Read the system properties that begin with {@code chaos.}, where one that is
	 * missing or empty stands for the default.
	 * @return the settings
	 */
	static Settings read() {
		return new Settings(faults(property("only", "")), Integer.parseInt(property("rounds", "10")),
				Integer.parseInt(property("messages", "100000")),
				Duration.ofMinutes(Long.parseLong(property("minutes", "60"))),
				Long.parseLong(property("seed", "" + new Random().nextInt(Integer.MAX_VALUE))));
	}

	private static String property(String name, String fallback) {
		String value = System.getProperty("chaos." + name, "");
		return value.isEmpty() ? fallback : value;
	}

	private static List<Fault> faults(String only) {
		if (only.isEmpty()) {
			return List.of(Fault.values());
		}
		Set<String> names = Arrays.stream(only.split(",", -1)).map(String::strip).collect(Collectors.toSet());
		List<Fault> chosen = Arrays.stream(Fault.values()).filter((fault) -> names.contains(fault.id())).toList();
		if (chosen.size() != names.size()) {
			throw new IllegalArgumentException("chaos.only names faults out of %s, not %s"
				.formatted(Arrays.stream(Fault.values()).map(Fault::id).toList(), only));
		}
		return chosen;
	}

}
