package dev.hellostream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A process that a test has started. Its output goes to a file. It is killed by its
 * process id, with all its descendants, at the latest when the tests' JVM ends.
 */
public final class ChildProcess implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime()
			.addShutdownHook(new Thread(() -> RUNNING.forEach(ChildProcess::kill), "end child processes"));
	}

	private final Process process;

	private final Path output;

	private ChildProcess(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Start a process.
	 * @param command program and arguments
	 * @param directory the working directory
	 * @param output the file to which standard output and standard error are appended
	 * @param environment derives the process's environment from the one of this JVM
	 * @return the running process
	 */
	public static ChildProcess start(List<String> command, Path directory, Path output,
			UnaryOperator<Map<String, String>> environment) {
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
		Map<String, String> derived = environment.apply(Map.copyOf(builder.environment()));
		builder.environment().clear();
		builder.environment().putAll(derived);
		try {
			Process process = builder.start();
			process.getOutputStream().close();
			RUNNING.removeIf((former) -> !former.isAlive());
			RUNNING.add(process);
			return new ChildProcess(process, output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Create an empty directory under {@code target}, kept for the analysis of failures.
	 * @param prefix the beginning of its name
	 * @return its absolute path
	 */
	public static Path newDirectory(String prefix) {
		try {
			Path parent = Files.createDirectories(Path.of("target", "processes"));
			return Files.createTempDirectory(parent, prefix + "-").toAbsolutePath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	public long pid() {
		return this.process.pid();
	}

	/**
	 * The output of the process so far.
	 * @return standard output and standard error
	 */
	public String output() {
		try {
			return new String(Files.readAllBytes(this.output), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Path outputFile() {
		return this.output;
	}

	/**
	 * Ask the process to end (SIGTERM) and wait until it has.
	 * @return the exit code, and the time until it ended
	 */
	public Exit terminate() {
		long start = System.nanoTime();
		this.process.destroy();
		int code = awaitExit();
		return new Exit(code, Duration.ofNanos(System.nanoTime() - start));
	}

	/**
	 * Send a signal that does not end the process.
	 * @param name the signal's name, for example {@code STOP}
	 */
	public void signal(String name) {
		try (ChildProcess kill = start(List.of("kill", "-" + name, String.valueOf(pid())), this.output.getParent(),
				this.output, UnaryOperator.identity())) {
			if (kill.awaitExit() != 0) {
				throw new IllegalStateException("Signal %s was not sent to process %d".formatted(name, pid()));
			}
		}
	}

	/**
	 * Kill the process and its descendants (SIGKILL).
	 */
	public void killHard() {
		kill(this.process);
		awaitExit();
	}

	/**
	 * Wait until the process has ended.
	 * @return its exit code
	 * @throws IllegalStateException if it does not end within half a minute
	 */
	public int awaitExit() {
		try {
			if (!this.process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("Process %d runs on after %s, its output is in %s"
					.formatted(this.process.pid(), PATIENCE, this.output));
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		killHard();
	}

	private static void kill(Process process) {
		List<ProcessHandle> descendants = process.descendants().toList();
		process.destroyForcibly();
		descendants.forEach(ProcessHandle::destroyForcibly);
	}

	/**
	 * How a process ended.
	 *
	 * @param code the exit code: 128 plus the signal's number if a signal ended it
	 * @param elapsed the time from the signal to the end
	 */
	public record Exit(int code, Duration elapsed) {

	}

}
