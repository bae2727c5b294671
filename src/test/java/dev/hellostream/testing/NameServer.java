package dev.hellostream.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Erlang's name server (epmd), through which the nodes of a cluster find each other: one
 * of a test's own, on a port of loopback.
 */
final class NameServer implements AutoCloseable {

	private final int port;

	private ChildProcess process;

	/**
	 * Prepare a name server. It does not run yet.
	 * @param port where it is to listen
	 */
	NameServer(int port) {
		this.port = port;
	}

	int port() {
		return this.port;
	}

	/**
	 * Start it. Does nothing if it runs.
	 */
	void start() {
		if (this.process == null || !this.process.isAlive()) {
			Path directory = ChildProcess.newDirectory("epmd");
			this.process = ChildProcess.start(List.of("epmd", "-port", "" + this.port, "-address", "127.0.0.1"),
					directory, directory.resolve("epmd.log"), UnaryOperator.identity());
		}
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.close();
		}
	}

}
