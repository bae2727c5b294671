package dev.hellostream.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.ChildProcess;

/**
 * Requests that come to no end. The process that makes them gets only the processor time
 * that nobody else wants: who attacks from elsewhere takes none of this machine, and this
 * comes closest to it. What it achieves is counted at the server.
 */
enum Attack {

	/** 5,000 heads that grow by a field every five seconds. */
	HALF_OPEN("5,000 half-open requests", 5_000),

	/** {@code slowhttptest} with heads that never end. */
	SLOW_HEADERS("slowhttptest -H, 1,000 connections", 1_000),

	/** {@code slowhttptest} with bodies that never end. */
	SLOW_BODIES("slowhttptest -B, 1,000 connections", 1_000),

	/** {@code slowhttptest} that reads a few bytes at a time. */
	SLOW_READS("slowhttptest -X, 1,000 connections", 1_000);

	private static final int LONGEST_SECONDS = 120;

	private final String title;

	private final int connections;

	Attack(String title, int connections) {
		this.title = title;
		this.connections = connections;
	}

	/**
	 * Whether this machine has what it takes.
	 * @return true if it can be started
	 */
	boolean isHere() {
		return this == HALF_OPEN || !Machine.output("slowhttptest", "-h").equals("?");
	}

	int connections() {
		return this.connections;
	}

	/**
	 * Begin.
	 * @param server the server
	 * @return the process, which is to be closed
	 */
	ChildProcess start(StreamServer server) {
		List<String> command = new ArrayList<>(List.of("chrt", "--idle", "0"));
		command.addAll(switch (this) {
			case HALF_OPEN -> List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
					"-XX:+UseSerialGC", "-classpath", System.getProperty("java.class.path"),
					HalfOpenClients.class.getName(), "" + server.address().getPort(), "" + this.connections,
					"" + LONGEST_SECONDS);
			case SLOW_HEADERS -> slowhttptest(server, "-H");
			case SLOW_BODIES -> slowhttptest(server, "-B -t POST -f application/json");
			case SLOW_READS -> slowhttptest(server, "-X");
		});
		Path directory = ChildProcess.newDirectory("attack");
		return ChildProcess.start(command, directory, directory.resolve("output.log"), (environment) -> environment);
	}

	/** It ends when it has been cut off everywhere, and then begins again. */
	private List<String> slowhttptest(StreamServer server, String mode) {
		return List.of("sh", "-c",
				"while :; do slowhttptest %s -u http://127.0.0.1:%d%s -c %d -r %d -i 5 -l %d; done".formatted(mode,
						server.address().getPort(), server.streamPath(), this.connections, this.connections,
						LONGEST_SECONDS));
	}

	@Override
	public String toString() {
		return this.title;
	}

}
