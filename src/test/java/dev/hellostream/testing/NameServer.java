package dev.hellostream.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A private Erlang name server (epmd) on a loopback port, through which the nodes of a
 * cluster find each other.
 */
final class NameServer implements AutoCloseable {

	private final int port;

	private ChildProcess process;

	/**
	 * Prepare a name server. It does not run yet.
	 * @param port the port on which it will listen
	 */
	NameServer(int port) {
		this.port = port;
	}

	int port() {
		return this.port;
	}

	/**
	 * Start the name server, unless it already runs.
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
