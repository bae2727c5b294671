package dev.hellostream.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What is written to {@code target/chaos/report.md}, anew after each round.
 */
final class Report {

	private static final Path FILE = Path.of("target", "chaos", "report.md");

	private static final List<String> SUMMARY = List.of("fault", "messages", "rounds", "confirmed", "lost", "unknown",
			"duplicates seen, most in a round", "gaps", "same order", "longest pause s", "fault lasted s");

	private static final List<String> EACH = List.of("fault", "messages", "round", "after", "hit", "confirmed",
			"received", "lost", "unknown", "duplicates seen", "gaps", "same order", "resumed", "longest pause s",
			"fault lasted s");

	private final List<Outcome> outcomes = new ArrayList<>();

	private final List<String> failures = new ArrayList<>();

	private final Settings settings;

	private final int planned;

	Report(Settings settings, int planned) {
		this.settings = settings;
		this.planned = planned;
	}

	void add(Outcome outcome) {
		this.outcomes.add(outcome);
		write();
	}

	/**
	 * Add a round that could not be finished.
	 * @param round the round
	 * @param failure why
	 */
	void add(Round round, RuntimeException failure) {
		this.failures.add("%s: %s".formatted(round, failure));
		write();
	}

	/** Whether every round was as promised. */
	boolean isGood() {
		return this.failures.isEmpty() && this.outcomes.stream().allMatch(Outcome::isGood);
	}

	private void write() {
		try {
			Files.createDirectories(FILE.getParent());
			Files.writeString(FILE, text());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String text() {
		StringBuilder text = new StringBuilder("# Chaos\n\n");
		text.append("""
				- %s, commit %s, %d processors
				- seed %d (`-Dchaos.seed`), %,d messages of 120 bytes a round (`-Dchaos.messages`)
				- %d of %d rounds in the time that was given, %s

				""".formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), commit(),
				Runtime.getRuntime().availableProcessors(), this.settings.seed(), this.settings.messages(),
				this.outcomes.size() + this.failures.size(), this.planned,
				isGood() ? "all as promised" : "**not all as promised**"));
		this.failures.forEach((failure) -> text.append("**Not finished**: ").append(failure).append("\n\n"));
		head(text, SUMMARY);
		for (Fault fault : Fault.values()) {
			for (boolean withIds : new boolean[] { true, false }) {
				List<Outcome> all = this.outcomes.stream()
					.filter((outcome) -> outcome.round().fault() == fault && outcome.round().withIds() == withIds)
					.toList();
				if (!all.isEmpty()) {
					summary(text, all);
				}
			}
		}
		text.append("\n## Every round\n\n");
		head(text, EACH);
		this.outcomes.forEach((outcome) -> row(text, each(outcome)));
		return text.toString();
	}

	private static void summary(StringBuilder text, List<Outcome> all) {
		Round round = all.get(0).round();
		row(text,
				List.of(round.fault().toString(), kind(round), "" + all.size(), sum(all, Outcome::confirmed),
						sum(all, Outcome::lost), sum(all, Outcome::unknown),
						"%d".formatted(all.stream().mapToInt(Outcome::duplicates).max().orElseThrow()),
						sum(all, Outcome::gaps), yesOrNo(all.stream().allMatch(Outcome::sameOrder)),
						spread(all, Outcome::pauseSeconds), spread(all, Outcome::lastedSeconds)));
	}

	private static List<String> each(Outcome outcome) {
		Round round = outcome.round();
		return Stream
			.<Object>of(round.fault(), kind(round), round.number(), outcome.moment(), outcome.hit(),
					outcome.confirmed(), outcome.received(), outcome.lost(), outcome.unknown(), outcome.duplicates(),
					outcome.gaps(), yesOrNo(outcome.sameOrder()), outcome.resumptions(),
					"%.1f".formatted(outcome.pauseSeconds()), "%.1f".formatted(outcome.lastedSeconds()))
			.map(String::valueOf)
			.toList();
	}

	private static String kind(Round round) {
		return round.withIds() ? "with ids" : "without";
	}

	private static String yesOrNo(boolean value) {
		return value ? "yes" : "**no**";
	}

	private static String sum(List<Outcome> all, ToDoubleFunction<Outcome> value) {
		return "%,.0f".formatted(all.stream().mapToDouble(value).sum());
	}

	/** The median, with the smallest and the largest in parentheses. */
	private static String spread(List<Outcome> all, ToDoubleFunction<Outcome> value) {
		List<Double> sorted = all.stream().map(value::applyAsDouble).sorted().toList();
		return "%.1f (%.1f–%.1f)".formatted((sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2,
				sorted.get(0), sorted.get(sorted.size() - 1));
	}

	private static void head(StringBuilder text, List<String> heads) {
		row(text, heads);
		row(text, Collections.nCopies(heads.size(), "---"));
	}

	private static void row(StringBuilder text, List<String> cells) {
		text.append("| ").append(String.join(" | ", cells)).append(" |\n");
	}

	private static String commit() {
		try {
			Process process = new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*").start();
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		}
		catch (IOException ex) {
			return "?";
		}
	}

}
