package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;

/**
 * The packaged application, with its embedded broker or before a RabbitMQ.
 */
final class HelloStreamServer implements StreamServer {

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ApplicationProcess process;

	private final URI messages;

	/**
	 * Start the application.
	 * @param arguments further arguments of the application
	 */
	HelloStreamServer(String... arguments) {
		List<String> all = new ArrayList<>(Peer.JVM_OPTIONS);
		all.addAll(List.of(arguments));
		this.process = ApplicationProcess.start(all.toArray(String[]::new));
		this.messages = this.process.uri("/messages");
	}

	/**
	 * Start the application before a RabbitMQ.
	 * @param broker where it is
	 * @return the application
	 */
	static HelloStreamServer before(BrokerAddress broker) {
		List<String> arguments = new ArrayList<>(List.of(broker.applicationArguments()));
		// What anybody does who has such rates: it is a line for each message.
		arguments.add("--logging.level.dev.hellostream.consume=warn");
		return new HelloStreamServer(arguments.toArray(String[]::new));
	}

	@Override
	public InetSocketAddress address() {
		return new InetSocketAddress(this.messages.getHost(), this.messages.getPort());
	}

	@Override
	public ProcessTree processes() {
		return new ProcessTree(this.process.pid());
	}

	@Override
	public String streamPath() {
		return this.messages.getPath();
	}

	@Override
	public PostPublisher publisher() {
		return new PostPublisher(address(), this.messages.getPath(), "application/json");
	}

	@Override
	public void publish(List<byte[]> messages) {
		List<byte[]> lines = new ArrayList<>();
		for (byte[] message : messages) {
			lines.add(message);
			lines.add(new byte[] { '\n' });
		}
		HttpRequest request = HttpRequest.newBuilder(this.messages)
			.timeout(Duration.ofMinutes(1))
			.header("Content-Type", "application/x-ndjson")
			.POST(HttpRequest.BodyPublishers.ofByteArrays(lines))
			.build();
		String receipts = send(request);
		if (!receipts.contains("{\"confirmed\":%d}".formatted(messages.size()))) {
			throw new IllegalStateException("Publishing failed: " + receipts);
		}
	}

	/**
	 * The position behind which the next message will come.
	 * @return the position
	 */
	String position() {
		String page = send(HttpRequest.newBuilder(URI.create(this.messages + "?limit=1")).build());
		return page.replaceFirst("(?s).*\"next\":\"([^\"]+)\".*", "$1");
	}

	/**
	 * What the application measures.
	 * @param name the name of a meter, as Prometheus has it
	 * @return its value
	 */
	double metric(String name) {
		try {
			return this.process.metric(name);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** End the application without asking (SIGKILL). */
	void kill() {
		this.process.killHard();
	}

	private static String send(HttpRequest request) {
		try {
			return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.process.close();
	}

}
