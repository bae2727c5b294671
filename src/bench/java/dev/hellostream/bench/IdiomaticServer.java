package dev.hellostream.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link IdiomaticApplication} in a JVM of its own.
 */
final class IdiomaticServer extends ChildServer implements StreamServer {

	IdiomaticServer() {
		super("idiomatic", (port, directory) -> command(port));
	}

	private static List<String> command(int port) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(Peer.JVM_OPTIONS);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), IdiomaticApplication.class.getName(),
				"--server.address=127.0.0.1", "--server.port=" + port,
				// The application's own configuration is on this class path too.
				"--spring.config.location=optional:classpath:/none/",
				// So is what perf-test can report to.
				"--management.datadog.metrics.export.enabled=false", "--management.jmx.metrics.export.enabled=false"));
		return command;
	}

	@Override
	public String streamPath() {
		return "/messages";
	}

	@Override
	public PostPublisher publisher() {
		return new PostPublisher(address(), "/messages", "text/plain");
	}

}
