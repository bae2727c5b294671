package dev.hellostream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.PikaProgram;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Independent hello-world programs beside the application: a queue delivers each message
 * to one consumer, so the messages that the programs and the application receive are
 * together all messages, each once.
 */
@Timeout(180)
class PikaIT {

	private static final int SENT_BY_PIKA = 1500;

	private static final int POSTED = 500;

	/** Without a line in the process log for each message. */
	private static final String[] QUIET = { "--logging.level.dev.hellostream.consume=warn" };

	@ParameterizedTest
	@ValueSource(strings = { "", "_durable" })
	@RequiresTool(Tool.PIKA)
	void embeddedWhenApplicationFirstShouldShare(String kind) throws IOException {
		try (ApplicationProcess application = ApplicationProcess.start(QUIET);
				PikaProgram receiver = PikaProgram.start("receive" + kind + ".py", application.broker())) {
			sendAndExpectEverythingOnce(application, receiver, application.broker(), "send" + kind + ".py");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "_durable" })
	@RequiresTool(Tool.PIKA)
	void embeddedWhenPikaFirstShouldShare(String kind) throws IOException {
		BrokerAddress broker = BrokerAddress.unused();
		try (PikaProgram receiver = PikaProgram.start("receive" + kind + ".py", broker);
				ApplicationProcess application = ApplicationProcess
					.start(with(QUIET, "--hello-stream.broker.port=" + broker.port()))) {
			sendAndExpectEverythingOnce(application, receiver, broker, "send" + kind + ".py");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "_durable" })
	@RequiresTool({ Tool.PIKA, Tool.RABBITMQ })
	void rabbitWhenPikaFirstShouldShare(String kind) throws IOException {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (PikaProgram receiver = PikaProgram.start("receive" + kind + ".py", broker).awaitConsuming();
				ApplicationProcess application = ApplicationProcess.start(with(QUIET, broker.applicationArguments()))) {
			sendAndExpectEverythingOnce(application, receiver, broker, "send" + kind + ".py");
		}
	}

	@Test
	@RequiresTool({ Tool.PIKA, Tool.RABBITMQ })
	void rabbitWhenApplicationFirstShouldShare() throws IOException {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (ApplicationProcess application = ApplicationProcess.start(with(QUIET, broker.applicationArguments()));
				PikaProgram receiver = PikaProgram.start("receive_durable.py", broker)) {
			sendAndExpectEverythingOnce(application, receiver, broker, "send_durable.py");
		}
	}

	@Test
	@RequiresTool({ Tool.PIKA, Tool.RABBITMQ })
	void rabbitWhenApplicationFirstShouldRefuseThePlainDeclarationOnly() throws IOException {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (ApplicationProcess application = ApplicationProcess.start(with(QUIET, broker.applicationArguments()));
				PikaProgram refused = PikaProgram.start("receive.py", broker)) {
			assertThat(refused.awaitExit()).isNotZero();
			assertThat(refused.output()).contains("406").contains("PRECONDITION_FAILED");
			MessagesApi api = new MessagesApi(application);
			assertThat(api.post("still here").statusCode()).isEqualTo(202);
			Awaitility.await().until(() -> bodies(api).equals(List.of("still here")));
		}
	}

	private void sendAndExpectEverythingOnce(ApplicationProcess application, PikaProgram receiver, BrokerAddress broker,
			String sendScript) throws IOException {
		receiver.awaitConsuming();
		MessagesApi api = new MessagesApi(application);
		try (PikaProgram sender = PikaProgram.start(sendScript, broker, "sent ", "" + SENT_BY_PIKA)) {
			String lines = posted().collect(Collectors.joining("\n"));
			assertThat(api
				.send("POST", "/messages", lines.getBytes(StandardCharsets.UTF_8), "Content-Type",
						"application/x-ndjson")
				.body()).contains("\"confirmed\":" + POSTED).doesNotContain("problem");
			assertThat(sender.awaitExit()).as(sender.output()).isZero();
		}
		int total = SENT_BY_PIKA + POSTED;
		// The count has to stay the same, since a duplicate would arrive late.
		Awaitility.await("everything is received")
			.pollInterval(Duration.ofMillis(200))
			.during(Duration.ofSeconds(1))
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(receiver.received().size() + bodies(api).size()).isEqualTo(total));
		List<String> byPika = receiver.received();
		List<String> byApplication = bodies(api);
		assertThat(byPika).as("pika's share").isNotEmpty();
		assertThat(byApplication).as("the application's share").isNotEmpty();
		List<String> received = new ArrayList<>(byPika);
		received.addAll(byApplication);
		assertThat(received).containsExactlyInAnyOrderElementsOf(Stream.concat(sent(), posted()).toList());
	}

	private static Stream<String> sent() {
		return IntStream.range(0, SENT_BY_PIKA).mapToObj((number) -> "sent " + number);
	}

	private static Stream<String> posted() {
		return IntStream.range(0, POSTED).mapToObj((number) -> "{\"posted\":" + number + "}");
	}

	private static List<String> bodies(MessagesApi api) {
		try {
			return api.all().stream().map(MessagesApi.Entry::body).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String[] with(String[] arguments, String... more) {
		return Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
	}

}
