package dev.hellostream.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.hellostream.testing.ChildProcess;
import dev.hellostream.testing.FreePorts;

/**
 * A server that is started by a command, and told its port.
 */
abstract class ChildServer implements Server {

	private static final Duration START_LIMIT = Duration.ofMinutes(1);

	private final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(),
			FreePorts.find(1).get(0));

	private final ChildProcess process;

	/**
	 * Start the server, and wait until it listens.
	 * @param name how the name of its working directory begins
	 * @param command how it is started
	 */
	ChildServer(String name, Command command) {
		Path directory = ChildProcess.newDirectory(name);
		this.process = ChildProcess.start(command.of(this.address.getPort(), directory), directory,
				directory.resolve("output.log"), (environment) -> environment);
		if (!Await.until(START_LIMIT, this::listens)) {
			close();
			throw new IllegalStateException("A server does not listen: " + this.process.output());
		}
	}

	private boolean listens() {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("A server did not start: " + this.process.output());
		}
		try (Socket socket = new Socket(this.address.getAddress(), this.address.getPort())) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public final InetSocketAddress address() {
		return this.address;
	}

	@Override
	public final ProcessTree processes() {
		return new ProcessTree(this.process.pid());
	}

	@Override
	public final void close() {
		this.process.close();
	}

	/** How a server is started. */
	interface Command {

		/**
		 * Make the command.
		 * @param port where the server is to listen
		 * @param directory its working directory
		 * @return program and arguments
		 */
		List<String> of(int port, Path directory);

	}

}
