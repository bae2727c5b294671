package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What a server's processes cost, as
 * <a href= "https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">Linux</a> counts
 * it.
 *
 * @param pid the process whose descendants belong to it
 */
record ProcessTree(long pid) {

	/**
	 * The unit of {@code /proc/PID/stat}: {@code getconf CLK_TCK}, 100 on every Linux.
	 */
	private static final double TICKS_A_SECOND = 100;

	/**
	 * Processor time used so far, in user and kernel mode, by all threads.
	 * @return seconds, to the hundredth
	 */
	double cpuSeconds() {
		return sum(ProcessTree::cpuSeconds);
	}

	/**
	 * Memory that is resident; what processes share is counted once.
	 * @return bytes
	 */
	double residentBytes() {
		return sum(ProcessTree::residentBytes);
	}

	private double sum(ToDoubleFunction<Long> value) {
		Stream<Long> descendants = ProcessHandle.of(this.pid)
			.stream()
			.flatMap(ProcessHandle::descendants)
			.map(ProcessHandle::pid);
		return Stream.concat(Stream.of(this.pid), descendants).mapToDouble(value).sum();
	}

	/**
	 * Processor time of one process, without its descendants.
	 * @param pid the process
	 * @return seconds
	 */
	static double cpuSeconds(long pid) {
		String stat = read(pid, "stat");
		// The second field is a name in parentheses, which may have blanks in it.
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
		return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
	}

	private static double residentBytes(long pid) {
		return read(pid, "smaps_rollup").lines()
			.filter((line) -> line.startsWith("Pss:"))
			.mapToDouble((line) -> 1024 * Double.parseDouble(line.replaceAll("\\D+", "")))
			.sum();
	}

	private static String read(long pid, String file) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(pid), file));
		}
		catch (NoSuchFileException ex) {
			throw new IllegalStateException("Process %d has ended".formatted(pid), ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
