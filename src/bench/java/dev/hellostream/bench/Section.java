package dev.hellostream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What the report says of one workload.
 *
 * @param title the workload
 * @param text what was done
 * @param heads the heads of the table
 * @param rows its rows
 * @param goals what was to be reached
 * @param notes what else a reader must know
 * @param faults what makes the figures void
 */
record Section(String title, String text, List<String> heads, List<List<String>> rows, List<Goal> goals,
		List<String> notes, List<String> faults) {

	/**
	 * Begin a section.
	 * @param title the workload
	 * @param text what was done
	 * @param columns the columns of its table
	 * @param further the heads of further columns
	 */
	Section(String title, String text, List<? extends Column<?>> columns, String... further) {
		this(title, text, join("", columns.stream().map(Column::head), further), new ArrayList<>(), new ArrayList<>(),
				new ArrayList<>(), new ArrayList<>());
	}

	<T> void row(Object who, List<T> rounds, List<Column<T>> columns, String... further) {
		this.rows.add(join(who,
				columns.stream().map((column) -> Stats.of(rounds, column.value()).show(column.format())), further));
	}

	/** Add a row, and what makes it void. */
	void samples(Object who, List<Sample> samples, List<Column<Sample>> columns, String... further) {
		row(who, samples, columns, further);
		samples.forEach((sample) -> fault(who, sample.fault()));
	}

	void goal(Goal goal) {
		this.goals.add(goal);
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

	private static List<String> join(Object first, Stream<String> cells, String... further) {
		return Stream.of(Stream.of(first.toString()), cells, Stream.of(further)).flatMap((part) -> part).toList();
	}

}
