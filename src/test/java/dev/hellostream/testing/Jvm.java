package dev.hellostream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Examines the memory of a JVM, with the {@code jcmd} of the JDK that runs the tests.
 */
public final class Jvm {

	private Jvm() {
	}

	/**
	 * Run a garbage collection in a JVM.
	 * @param pid its process id
	 */
	public static void collect(long pid) {
		jcmd(pid, "GC.run");
	}

	/**
	 * The size of the reachable objects on the heap of a JVM.
	 * @param pid its process id
	 * @return the size in bytes
	 */
	public static long liveHeapBytes(long pid) {
		// The histogram follows a full collection; its total is "Total instances bytes".
		return jcmd(pid, "GC.class_histogram").lines()
			.filter((line) -> line.startsWith("Total"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll(".*\\s", "")))
			.sum();
	}

	/**
	 * The number of reachable instances of each class.
	 * @param pid its process id
	 * @return the numbers by the name of the class
	 */
	public static Map<String, Long> liveInstances(long pid) {
		return jcmd(pid, "GC.class_histogram").lines()
			.map((line) -> line.strip().split("\\s+", -1))
			.filter((columns) -> columns.length >= 4 && columns[0].endsWith(":"))
			.collect(Collectors.toMap((columns) -> columns[3], (columns) -> Long.valueOf(columns[1]), Long::sum));
	}

	private static String jcmd(long pid, String command) {
		String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
		try {
			Process process = new ProcessBuilder(program, Long.toString(pid), command).redirectErrorStream(true)
				.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new IllegalStateException(command + " failed: " + output);
			}
			return output;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
