package dev.hellostream;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.Exposition;
import dev.hellostream.testing.MessagesApi;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The operator's view of an application with the embedded broker: every meter is
 * documented and changes with its events, and each line of the process log is one JSON
 * object.
 */
@Timeout(120)
class ObserveIT {

	private static final JsonMapper JSON = new JsonMapper();

	private static ApplicationProcess application;

	private final MessagesApi api = new MessagesApi(application);

	@BeforeAll
	static void start() {
		application = ApplicationProcess.start("--logging.structured.format.console=ecs",
				"--hello-stream.publish.max-size=100KB", "--hello-stream.sse.stall-timeout=2s");
	}

	@AfterAll
	static void end() {
		application.close();
	}

	/** Wait until the messages of other tests have been received. */
	@BeforeEach
	void settle() {
		String last = "settled " + System.nanoTime();
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.api.post(last).statusCode() == 202);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> application.metric("hello_stream_consume_unacknowledged") == 0
					&& this.api.page("?limit=1").entries().get(0).body().equals(last));
	}

	@Test
	void metersShouldTellHowMessagesWentFromPostToSubscriber() throws IOException {
		try (EventStream stream = EventStream.open(application.uri("/messages"))) {
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			int bytes = 3 * "id: ".length();
			Map<String, Double> expected = changes("publish_seconds_count/confirmed", 3, "publish_seconds_count", 3,
					"consume_received_total", 3, "log_append_seconds_count", 3, "queue_wait_seconds_count", 3,
					"sse_lag_seconds_count", 3, "sse_deliveries_total", 3, "log_offset_last", 3, "log_entries", 3,
					"sse_subscribers/live", 0, "sse_catchups_total", 0);
			assertChanges(expected, () -> {
				for (int i = 0; i < 3; i++) {
					assertThat(this.api.post("measured").statusCode()).isEqualTo(202);
				}
			});
			Exposition now = Exposition.of(application);
			assertThat(now.value("hello_stream_sse_subscribers", "state", "live")).isEqualTo(1);
			assertThat(now.value("hello_stream_sse_sent_bytes_total")).isGreaterThan(bytes);
			assertThat(now.value("hello_stream_broker_connected")).isEqualTo(1);
			assertThat(now.value("hello_stream_queue_available")).isEqualTo(1);
			assertThat(now.value("hello_stream_publish_blocked")).isZero();
		}
		Awaitility.await().until(() -> application.metric("hello_stream_sse_subscribers") == 0);
	}

	@Test
	void bytesSentShouldBeThoseOfTheFrames() throws IOException {
		try (EventStream stream = EventStream.open(application.uri("/messages"))) {
			stream.nextEvent();
			double before = application.metric("hello_stream_sse_sent_bytes_total");
			this.api.post("weighed");
			EventStream.Frame frame = stream.nextEvent();
			int length = ("id: " + frame.id() + "\ndata: " + frame.data() + "\n\n").length();
			assertThat(application.metric("hello_stream_sse_sent_bytes_total") - before).isEqualTo(length);
		}
	}

	@Test
	void repetitionShouldCountAsHiddenAndNotAsEntry() {
		assertChanges(changes("publish_seconds_count/confirmed", 2, "consume_received_total", 2, "log_entries", 1,
				"log_duplicates_total", 1), () -> {
					this.api.post("once", "Idempotency-Key", "observed");
					this.api.post("once", "Idempotency-Key", "observed");
				});
	}

	@Test
	void gapsAndCatchUpsShouldCountForEachSubscriber() throws IOException {
		this.api.post("something to catch up with");
		assertChanges(changes("sse_gaps_total", 2, "sse_catchups_total", 2), () -> {
			for (String position : List.of("999999.deadbeef", "nonsense")) {
				try (EventStream stream = EventStream.open(application.uri("/messages"),
						"Last-Event-ID: " + position)) {
					assertThat(stream.nextEvent().event()).isEqualTo("start");
					assertThat(stream.nextEvent().event()).isEqualTo("gap");
				}
			}
		});
	}

	@Test
	void messageThatIsTooLargeShouldCountAsDeadLetter() {
		assertChanges(
				changes("consume_received_total", 1, "consume_dead_letters_total/too-large", 1,
						"consume_dead_letters_total/not-storable", 0, "log_entries", 0, "log_append_seconds_count", 0),
				() -> {
					try (Connection connection = application.broker().connect();
							Channel channel = connection.createChannel()) {
						channel.basicPublish("", "hello", null, new byte[200_000]);
					}
				});
	}

	@Test
	void messageThatAnotherConsumerGivesBackShouldCountAsRedelivered() {
		assertChanges(changes("consume_redelivered_total", 1), () -> {
			try (Connection connection = application.broker().connect(); Channel channel = connection.createChannel()) {
				CompletableFuture<String> taken = new CompletableFuture<>();
				channel.basicQos(1);
				channel.basicConsume("hello", false, (tag, delivery) -> taken.complete(tag), (tag) -> {
				});
				for (int i = 0; i < 50 && !taken.isDone(); i++) {
					this.api.post("given back");
				}
				taken.get(10, TimeUnit.SECONDS);
			}
		});
	}

	@Test
	void subscriberThatTakesNothingShouldCountAsStalled() throws IOException {
		byte[] lines = ("\"" + "x".repeat(90_000) + "\"\n").repeat(120).getBytes(StandardCharsets.US_ASCII);
		try (Socket stuck = new Socket()) {
			stuck.setReceiveBufferSize(4_096);
			stuck.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), application.uri("/").getPort()));
			stuck.getOutputStream()
				.write("GET /messages HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			Awaitility.await().until(() -> application.metric("hello_stream_sse_subscribers") >= 1);
			assertChanges(changes("sse_stalled_total", 1, "publish_seconds_count/confirmed", 120),
					() -> this.api.send("POST", "/messages", lines, "Content-Type", "application/x-ndjson"));
		}
	}

	@Test
	void messageWithoutAQueueShouldCountAsRefused() {
		// The application declares the queue again as soon as it notices the deletion.
		assertChanges(changes("publish_seconds_count/refused", 1),
				() -> Awaitility.await()
					.pollInterval(Duration.ofMillis(10))
					.ignoreException(IOException.class)
					.until(() -> postWithoutAQueue() == HttpURLConnection.HTTP_UNAVAILABLE));
		// The queue was declared by the application, which therefore declares it again.
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.api.post("back").statusCode() == 202);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.api.page("?limit=1").entries().get(0).body().equals("back"));
	}

	private int postWithoutAQueue() throws Exception {
		try (Connection connection = application.broker().connect(); Channel channel = connection.createChannel()) {
			channel.queueDelete("hello");
			return this.api.post("nowhere to go").statusCode();
		}
	}

	@Test
	void documentsShouldNameWhatThereIs() throws IOException {
		this.api.post("a little traffic");
		Exposition exposed = MetricDocuments.exposition(application);
		MetricDocuments.assertTableTellsOf(exposed, false);
		MetricDocuments.assertQueriesFindSomething(exposed, false);
		assertThat(exposed.samples()).noneMatch((sample) -> sample.labels().containsKey("version"));
	}

	@Test
	void logShouldBeOneJsonObjectALineWhateverMessagesHold() throws Exception {
		List<String> hostile = List.of("plain", "a\nb\r\n{\"message\":\"forged\"}", "\"},{\"x\":\"", "\u001b[2J\u0000",
				"\u2028\u2029\u202e", "\\\" \\u000a");
		try (Connection connection = application.broker().connect(); Channel channel = connection.createChannel()) {
			for (String body : hostile) {
				channel.basicPublish("", "hello", null, body.getBytes(StandardCharsets.UTF_8));
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(application.output()).contains("\\\\u{1b}[2J"));
		for (String line : application.output().lines().filter((line) -> !line.startsWith("WARNING: ")).toList()) {
			JsonNode event = JSON.readTree(line);
			assertThat(event.path("message").asString()).as(line).isNotEmpty().doesNotContain("\n", "\u001b");
			assertThat(event.path("log").path("level").asString()).isIn("INFO", "WARN");
			assertThat(event.has("error")).as(line).isFalse();
			assertThat(event.path("service").has("version")).isFalse();
		}
	}

	@Test
	void linesOfMessagesShouldBeFewAndLeaveNoneUnsaid() {
		String lines = IntStream.range(0, 5_000).mapToObj((i) -> i + "\n").reduce("", String::concat);
		assertChanges(changes("consume_received_total", 5_000), () -> this.api.send("POST", "/messages",
				lines.getBytes(StandardCharsets.US_ASCII), "Content-Type", "application/x-ndjson"));
		// Messages of the other tests of this class count as well, in any order.
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(messagesInTheLog())
				.isEqualTo((long) application.metric("hello_stream_consume_received_total")));
		assertThat(application.output().lines().filter((line) -> line.contains("\"Received ")).count())
			.isLessThan(2_000);
	}

	private static long messagesInTheLog() {
		Matcher lines = Pattern.compile("\"message\":\"Received (?:([\\d,]+) more messages? in the last second\")?")
			.matcher(application.output());
		return lines.results()
			.mapToLong((line) -> (line.group(1) != null) ? Long.parseLong(line.group(1).replace(",", "")) : 1)
			.sum();
	}

	private static Map<String, Double> changes(Object... namesAndValues) {
		Map<String, Double> changes = new TreeMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			changes.put((String) namesAndValues[i], ((Number) namesAndValues[i + 1]).doubleValue());
		}
		return changes;
	}

	/** Check the exact changes of meters, named without prefix, perhaps with a tag. */
	private static void assertChanges(Map<String, Double> changes, ThrowingRunnable happening) {
		try {
			Exposition before = Exposition.of(application);
			happening.run();
			Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
				Exposition after = Exposition.of(application);
				Map<String, Double> actual = new TreeMap<>(changes);
				actual.replaceAll((name, change) -> value(after, name) - value(before, name));
				assertThat(actual).isEqualTo(changes);
			});
		}
		catch (Throwable ex) {
			throw new AssertionError(ex);
		}
	}

	private static double value(Exposition exposition, String name) {
		String[] nameAndTag = name.split("/", -1);
		return exposition.samples()
			.stream()
			.filter((sample) -> sample.name().equals("hello_stream_" + nameAndTag[0]))
			.filter((sample) -> nameAndTag.length == 1 || sample.labels().containsValue(nameAndTag[1]))
			.mapToDouble(Exposition.Sample::value)
			.sum();
	}

}
