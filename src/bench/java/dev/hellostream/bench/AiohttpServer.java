package dev.hellostream.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.hellostream.testing.ChildProcess;
import dev.hellostream.testing.FreePorts;

/**
 * {@code src/bench/python/hello.py}: {@code GET /hello} as Python's asyncio does it.
 */
final class AiohttpServer implements Server {

	private final int port = FreePorts.find(1).get(0);

	private final ChildProcess process;

	AiohttpServer() {
		Path program = Path.of("src", "bench", "python", "hello.py").toAbsolutePath();
		Path directory = ChildProcess.newDirectory("aiohttp");
		this.process = ChildProcess.start(
				List.of(python().orElseThrow(), program.toString(), Integer.toString(this.port)), directory,
				directory.resolve("output.log"), (environment) -> environment);
		Peer.awaitPort(address(), this.process);
	}

	/**
	 * Look for a Python that has aiohttp.
	 * @return the program
	 */
	static Optional<String> python() {
		return Stream.of("python3", "/usr/bin/python3")
			.filter((python) -> version(python).matches("\\d+(\\.\\d+)+.*"))
			.findFirst();
	}

	static String version(String python) {
		return Machine.output(python, "-c", "import aiohttp; print(aiohttp.__version__)");
	}

	@Override
	public InetSocketAddress address() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port);
	}

	@Override
	public ProcessTree processes() {
		return new ProcessTree(this.process.pid());
	}

	@Override
	public void close() {
		this.process.close();
	}

}
