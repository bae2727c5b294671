package dev.hellostream.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A program that some tests need on this machine.
 */
public enum Tool {

	/** The broker, started by its own script and never as a service. */
	RABBITMQ("rabbitmq-server", "rabbitmq-server"),

	/** The browser; its driver is {@link #CHROMEDRIVER}. */
	CHROMIUM("chromium", "chromium"),

	/** The browser's driver. */
	CHROMEDRIVER("chromium-driver", "chromedriver"),

	/** A Python that has the AMQP client pika. */
	PIKA("python3-pika", "python3"),

	/** The web server. */
	NGINX("nginx", "nginx");

	private final String debianPackage;

	private final String program;

	Tool(String debianPackage, String program) {
		this.debianPackage = debianPackage;
		this.program = program;
	}

	/**
	 * The Debian package that contains this tool.
	 * @return its name
	 */
	public String debianPackage() {
		return this.debianPackage;
	}

	/**
	 * Look for this tool where it is usually installed, then on the path.
	 * @return the program to run, or empty if it is not on this machine
	 */
	public Optional<Path> find() {
		return directories().map((directory) -> directory.resolve(this.program))
			.filter(Files::isExecutable)
			.filter(usable())
			.findFirst();
	}

	/**
	 * Find this tool, in a test that requires it.
	 * @return the program to run
	 */
	public Path path() {
		return find().orElseThrow(() -> new IllegalStateException(missing()));
	}

	String missing() {
		return "%s was not found: apt-get install %s".formatted(this, this.debianPackage);
	}

	private Stream<Path> directories() {
		return switch (this) {
			// The script on the path runs only as root or as the user rabbitmq.
			case RABBITMQ -> Stream.concat(
					Stream.ofNullable(System.getenv("RABBITMQ_HOME"))
						.flatMap((home) -> Stream.of("sbin", "bin").map((directory) -> Path.of(home, directory))),
					Stream.of(Path.of("/usr/lib/rabbitmq/bin")));
			case PIKA -> Stream.concat(onPath(), Stream.of(Path.of("/usr/bin")));
			case NGINX -> Stream.concat(onPath(), Stream.of(Path.of("/usr/sbin")));
			default -> onPath();
		};
	}

	private Stream<Path> onPath() {
		return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).map(Path::of);
	}

	private Predicate<Path> usable() {
		return (this != PIKA) ? (path) -> true : (path) -> succeeds(List.of(path.toString(), "-c", "import pika"));
	}

	private static boolean succeeds(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
