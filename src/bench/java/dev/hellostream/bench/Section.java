package dev.hellostream.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What the report says of one workload.
 *
 * @param title the workload
 * @param text what was done
 * @param columns the heads of the table
 * @param rows its rows
 * @param goals what was to be reached
 * @param notes what else a reader must know
 */
record Section(String title, String text, List<String> columns, List<List<String>> rows, List<Goal> goals,
		List<String> notes) {

	Section(String title, String text, String... columns) {
		this(title, text, List.of(columns), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
	}

	void row(String... cells) {
		this.rows.add(List.of(cells));
	}

	void note(String note) {
		this.notes.add(note);
	}

	/** Say which samples of a server do not count. */
	void voids(Object server, List<Sample> samples) {
		samples.stream()
			.filter((sample) -> sample.fault() != null)
			.forEach((sample) -> note("**Void**: %s: %s.".formatted(server, sample.fault())));
	}

}
