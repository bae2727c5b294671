package dev.hellostream.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;

/**
 * One of the Python programs in {@code src/test/python}, which use the AMQP client pika.
 */
public final class PikaProgram implements AutoCloseable {

	private static final String RECEIVED = "received ";

	private final ChildProcess process;

	private PikaProgram(ChildProcess process) {
		this.process = process;
	}

	/**
	 * Start a program.
	 * @param script its file name
	 * @param broker the broker, to which the program connects as soon as it listens
	 * @param arguments further arguments
	 * @return the running program
	 */
	public static PikaProgram start(String script, BrokerAddress broker, String... arguments) {
		Path directory = ChildProcess.newDirectory("pika");
		List<String> command = new ArrayList<>(List.of(Tool.PIKA.path().toString(),
				Path.of("src", "test", "python", script).toAbsolutePath().toString(), "127.0.0.1", "" + broker.port(),
				broker.virtualHost()));
		command.addAll(List.of(arguments));
		return new PikaProgram(
				ChildProcess.start(command, directory, directory.resolve("output.log"), (environment) -> environment));
	}

	/**
	 * Wait until a receiver consumes.
	 * @return this program
	 */
	public PikaProgram awaitConsuming() {
		Awaitility.await("the receiver consumes")
			.failFast("the receiver ended, see " + this.process.outputFile(), () -> !this.process.isAlive())
			.until(() -> output().contains("waiting"));
		return this;
	}

	/**
	 * The bodies that a receiver has printed.
	 * @return the bodies, in their order
	 */
	public List<String> received() {
		return output().lines()
			.filter((line) -> line.startsWith(RECEIVED))
			.map((line) -> line.substring(RECEIVED.length()))
			.toList();
	}

	/**
	 * Wait until the program has ended.
	 * @return its exit code
	 */
	public int awaitExit() {
		return this.process.awaitExit();
	}

	public String output() {
		return this.process.output();
	}

	@Override
	public void close() {
		this.process.close();
	}

}
