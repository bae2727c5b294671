package dev.hellostream.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.ChildProcess;
import dev.hellostream.testing.FreePorts;

/**
 * {@link IdiomaticApplication} in a JVM of its own.
 */
final class IdiomaticServer implements StreamServer {

	private final int port = FreePorts.find(1).get(0);

	private final ChildProcess process;

	IdiomaticServer() {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(Peer.JVM_OPTIONS);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), IdiomaticApplication.class.getName(),
				"--server.address=127.0.0.1", "--server.port=" + this.port,
				// The application's own configuration is on this class path too.
				"--spring.config.location=optional:classpath:/none/"));
		Path directory = ChildProcess.newDirectory("idiomatic");
		this.process = ChildProcess.start(command, directory, directory.resolve("output.log"),
				(environment) -> environment);
		Peer.awaitPort(address(), this.process);
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
	public String streamPath() {
		return "/messages";
	}

	@Override
	public PostPublisher publisher() {
		return new PostPublisher(address(), "/messages", "text/plain");
	}

	@Override
	public void close() {
		this.process.close();
	}

}
