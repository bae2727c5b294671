package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.ChildProcess;

/**
 * A run of <a href="https://perftest.rabbitmq.com">PerfTest</a>, RabbitMQ's own load
 * tool, in a process of its own: one that publishes persistent messages of 120 bytes to a
 * quorum queue, and waits for confirms.
 */
final class PerfTest {

	private static final Duration LIMIT = Duration.ofMinutes(2);

	/** How long it publishes. */
	private static final Duration TIME = Duration.ofSeconds(15);

	private static final String QUEUE = "perf-test";

	private static final String CONSUMED = "hello";

	private static final String LATENCY = "consumer latency min/median/75th/95th/99th ";

	private final String output;

	private PerfTest(String output) {
		this.output = output;
	}

	/**
	 * Let it publish to a queue of its own, and wait until it has ended.
	 * @param broker the broker
	 * @param arguments its further arguments
	 * @return what it found
	 */
	static PerfTest run(BrokerAddress broker, String... arguments) {
		try {
			return start(broker, List.of("--quorum-queue", "--queue", QUEUE), arguments);
		}
		finally {
			deleteQueue(broker);
		}
	}

	/**
	 * Let it publish to the queue that the application consumes, and wait until it has
	 * ended.
	 * @param broker the broker
	 * @param arguments its further arguments
	 * @return what it found
	 */
	static PerfTest runWithConsumer(BrokerAddress broker, String... arguments) {
		PerfTest test = start(broker,
				List.of("--predeclared", "--queue", CONSUMED, "--routing-key", CONSUMED, "--consumers", "0"),
				arguments);
		withChannel(broker, (channel) -> Await.until(LIMIT, () -> messages(channel) == 0));
		return test;
	}

	private static PerfTest start(BrokerAddress broker, List<String> queue, String... arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(Peer.JVM_OPTIONS);
		command.add("-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"));
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), "com.rabbitmq.perf.PerfTest", "--uri",
				"amqp://guest:guest@127.0.0.1:%d/%s".formatted(broker.port(), broker.virtualHost()), "--flag",
				"persistent", "--size", "" + Message.LENGTH, "--time", "" + TIME.toSeconds()));
		command.addAll(queue);
		command.addAll(List.of(arguments));
		Path directory = ChildProcess.newDirectory("perf-test");
		try (ChildProcess process = ChildProcess.start(command, directory, directory.resolve("output.log"),
				UnaryOperator.identity())) {
			Await.until(LIMIT, () -> !process.isAlive());
			if (process.awaitExit() != 0) {
				throw new IllegalStateException("perf-test failed: " + process.output());
			}
			return new PerfTest(process.output());
		}
	}

	/** What it did not consume would burden the broker. */
	private static void deleteQueue(BrokerAddress broker) {
		withChannel(broker, (channel) -> channel.queueDelete(QUEUE));
	}

	private static long messages(Channel channel) {
		try {
			return channel.messageCount(CONSUMED);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void withChannel(BrokerAddress broker, ChannelAction action) {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			action.accept(channel);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	double sentPerSecond() {
		return find("sending rate avg: (\\d+)");
	}

	double receivedPerSecond() {
		return find("receiving rate avg: (\\d+)");
	}

	/** Half of the messages took less, from publish to receipt. */
	double medianMillis() {
		return find(LATENCY + "\\d+/(\\d+)/") / 1000;
	}

	/** Of a hundred messages 99 took less, from publish to receipt. */
	double p99Millis() {
		return find(LATENCY + "(?:\\d+/){4}(\\d+) ") / 1000;
	}

	private double find(String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(this.output);
		if (!matcher.find()) {
			throw new IllegalStateException("perf-test did not say '%s': %s".formatted(pattern, this.output));
		}
		return Double.parseDouble(matcher.group(1));
	}

	private interface ChannelAction {

		void accept(Channel channel) throws IOException;

	}

}
