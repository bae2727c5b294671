package dev.hellostream;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.Exposition;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The operator's view of an application whose RabbitMQ fails: the health group
 * {@code broker} and the gauges report it, with the reason; nothing else does; and the
 * process log has few lines about it, and no stack trace.
 */
@RequiresTool(Tool.RABBITMQ)
@Tag("slow")
@Timeout(180)
class ObserveRabbitIT {

	private static final Pattern VERSION = Pattern
		.compile("(?<![\\d.])\\d+\\.\\d+\\.\\d+(?!\\.\\d)(-SNAPSHOT|\\.Final)?\\b");

	private static final int MOST_LINES = 80;

	private static RabbitNode node;

	private static BrokerAddress broker;

	private static ApplicationProcess application;

	private final MessagesApi api = new MessagesApi(application);

	@BeforeAll
	static void start() throws Exception {
		node = RabbitNode.shared();
		broker = node.freshVirtualHost();
		declareQueue();
		application = ApplicationProcess.start(broker.applicationArguments());
	}

	@AfterAll
	static void end() {
		application.close();
		List<String> lines = application.output().lines().toList();
		assertThat(lines).hasSizeLessThan(MOST_LINES)
			.noneMatch((line) -> line.contains(" ERROR "))
			.noneMatch((line) -> line.startsWith("\tat ") || line.startsWith("Caused by"))
			.noneMatch((line) -> VERSION.matcher(line).find());
	}

	@BeforeEach
	void awaitHealth() {
		await("works again", () -> health("broker").statusCode() == 200 && this.api.post("works").statusCode() == 202);
	}

	@Test
	void queueThatIsGoneOrExclusiveShouldBeTheReason() throws Exception {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDelete("hello");
			assertTrouble("\"state\":\"missing\"", "Queue 'hello' no longer exists", "hello_stream_queue_available");
			assertThat(application.metric("hello_stream_broker_connected")).isEqualTo(1);
			channel.queueDeclare("hello", false, true, false, null);
			assertTrouble("\"state\":\"refused\"", "exclusive to the connection", "hello_stream_queue_available");
		}
		declareQueue();
	}

	@Test
	void streamThatMayNotBeReadShouldBeTheReason() throws IOException {
		node.ctl("set_permissions", "--vhost", broker.virtualHost(), "guest", ".*", ".*", "^(?!hello\\.log$).*");
		try {
			node.ctl("close_all_connections", "--vhost", broker.virtualHost(), "test");
			assertTrouble("\"log\":{\"details\":{\"name\":\"hello.log\"", "ACCESS_REFUSED",
					"hello_stream_log_available");
		}
		finally {
			node.ctl("set_permissions", "--vhost", broker.virtualHost(), "guest", ".*", ".*", ".*");
		}
	}

	@Test
	void streamInPlaceOfTheQueueShouldBeTheReason() throws Exception {
		BrokerAddress other = node.freshVirtualHost();
		try (Connection connection = other.connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("events", true, false, false, Map.of("x-queue-type", "stream"));
			channel.basicPublish("", "events", null, "before".getBytes(StandardCharsets.UTF_8));
			List<String> arguments = new ArrayList<>(List.of(other.applicationArguments()));
			arguments.add("--hello-stream.queue.name=events");
			try (ApplicationProcess refusing = ApplicationProcess.start(arguments.toArray(String[]::new))) {
				MessagesApi messages = new MessagesApi(refusing);
				await("it is refused", () -> {
					HttpResponse<String> health = messages.send("GET", "/actuator/health/broker", null);
					return health.statusCode() == 503 && health.body().contains("Queue 'events' is a RabbitMQ stream");
				});
				assertThat(refusing.output().lines()).filteredOn((line) -> line.contains("is a RabbitMQ stream"))
					.hasSize(1);
			}
		}
	}

	@Test
	void brokerThatIsDownShouldBeTheReason() throws IOException {
		node.ctl("stop_app");
		try {
			assertTrouble("\"state\":\"unreachable\"", "Connection refused", "hello_stream_broker_connected");
			assertThat(application.metric("hello_stream_log_available")).isZero();
			assertThat(this.api.post("not taken").statusCode()).isEqualTo(503);
		}
		finally {
			node.ctl("start_app");
		}
	}

	@Test
	void documentsShouldNameWhatThereIs() throws IOException {
		try (EventStream stream = EventStream.open(application.uri("/messages"))) {
			stream.nextEvent();
			this.api.post("a little traffic");
			stream.nextEvent();
		}
		Exposition exposed = MetricDocuments.exposition(application);
		MetricDocuments.assertTableTellsOf(exposed, true);
		MetricDocuments.assertQueriesFindSomething(exposed, true);
		assertThat(exposed.value("hello_stream_log_available")).isEqualTo(1);
		assertThat(exposed.value("hello_stream_log_tail_received_total")).isPositive();
		// The message that arrived may be the one that awaitHealth has posted.
		await("all is appended", () -> application.metric("hello_stream_log_appends") == 0);
	}

	/**
	 * Check that the health group reports the problem with its reason and no internals,
	 * and that the other health endpoints do not report it.
	 */
	private void assertTrouble(String component, String reason, String gauge) throws IOException {
		await(component, () -> health("broker").statusCode() == 503 && health("broker").body().contains(component)
				&& health("broker").body().contains(reason));
		assertThat(health("broker").body()).doesNotContain("127.0.0.1", ".java", "Exception");
		assertThat(application.metric(gauge)).as(gauge).isZero();
		assertThat(health("").body())
			.isEqualTo("{\"groups\":[\"broker\",\"liveness\",\"readiness\"],\"status\":\"UP\"}");
		for (String probe : List.of("liveness", "readiness")) {
			assertThat(health(probe).statusCode()).isEqualTo(200);
			assertThat(health(probe).body()).isEqualTo("{\"status\":\"UP\"}");
		}
	}

	private HttpResponse<String> health(String group) throws IOException {
		return this.api.send("GET", "/actuator/health/" + group, null);
	}

	private static void declareQueue() throws Exception {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("hello", true, false, false, null);
		}
	}

	private static void await(String alias, Condition condition) {
		Awaitility.await(alias)
			.atMost(Duration.ofSeconds(90))
			.pollInterval(Duration.ofMillis(200))
			.until(condition::holds);
	}

	private interface Condition {

		boolean holds() throws IOException;

	}

}
