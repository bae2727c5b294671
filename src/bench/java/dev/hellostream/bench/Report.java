package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What is written to {@code target/bench/report.md}, anew after each workload.
 */
final class Report {

	private static final Path FILE = Path.of("target", "bench", "report.md");

	private final int rounds;

	private final List<Section> sections = new ArrayList<>();

	Report(int rounds) {
		this.rounds = rounds;
	}

	/**
	 * Add a workload, and write.
	 * @param section what came of it
	 * @return the file
	 */
	Path add(Section section) {
		this.sections.add(section);
		try {
			Files.createDirectories(FILE.getParent());
			return Files.writeString(FILE, text());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String text() {
		StringBuilder text = new StringBuilder("# Benchmark\n\n");
		Machine.describe()
			.forEach((name, value) -> text.append("- ").append(name).append(": ").append(value).append('\n'));
		Arrays.stream(Peer.values())
			.forEach((peer) -> peer.missing()
				.ifPresent((missing) -> text.append("- **not measured**: ")
					.append(peer)
					.append(", which is missing here: `apt-get install ")
					.append(missing)
					.append("`\n")));
		text.append("\nFigures are medians of ")
			.append(this.rounds)
			.append(" rounds, the smallest and the largest in parentheses.\n\n## Goals\n\n");
		goals(text);
		this.sections.forEach((section) -> section(text, section));
		return text.toString();
	}

	private void goals(StringBuilder text) {
		row(text, List.of("", "goal", "measured", ""));
		row(text, Collections.nCopies(4, "---"));
		for (Section section : this.sections) {
			for (Goal goal : section.goals()) {
				row(text, List.of(goal.text(), (goal.atLeast() ? "≥ " : "≤ ") + goal.limit(),
						goal.measured().show("%.2f"), verdict(section, goal)));
			}
		}
	}

	private static String verdict(Section section, Goal goal) {
		if (!section.faults().isEmpty()) {
			return "**void**";
		}
		return goal.isReached() ? "reached" : "**not reached**";
	}

	private void section(StringBuilder text, Section section) {
		text.append("\n## ").append(section.title()).append("\n\n").append(section.text()).append("\n\n");
		if (!section.rows().isEmpty()) {
			row(text, section.heads());
			row(text, Collections.nCopies(section.heads().size(), "---"));
		}
		section.rows().forEach((cells) -> row(text, cells));
		section.faults().forEach((fault) -> text.append("\n**Void**: ").append(fault).append("\n"));
		section.notes().forEach((note) -> text.append("\n").append(note).append("\n"));
	}

	private static void row(StringBuilder text, List<String> cells) {
		text.append("| ").append(String.join(" | ", cells)).append(" |\n");
	}

}
