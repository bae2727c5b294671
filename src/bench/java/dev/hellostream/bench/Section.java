package dev.hellostream.bench;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the report says of one workload.
 *
 * @param title the workload
 * @param text what was done
 * @param columns the heads of the table
 * @param rows its rows
 * @param goals what was to be reached
 * @param notes what else a reader must know
 * @param faults what makes the figures void
 */
record Section(String title, String text, List<String> columns, List<List<String>> rows, List<Goal> goals,
		List<String> notes, List<String> faults) {

	Section(String title, String text, String... columns) {
		this(title, text, List.of(columns), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
	}

	void row(String... cells) {
		this.rows.add(List.of(cells));
	}

	void note(String note) {
		this.notes.add(note);
	}

	/**
	 * Add what was lost, repeated or out of order, if anything was.
	 * @param who of whom
	 * @param fault what
	 */
	void fault(Object who, @Nullable String fault) {
		if (fault != null) {
			this.faults.add("%s: %s".formatted(who, fault));
		}
	}

	void faults(Object who, List<Sample> samples) {
		samples.forEach((sample) -> fault(who, sample.fault()));
	}

}
