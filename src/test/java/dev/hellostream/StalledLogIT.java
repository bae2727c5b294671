package dev.hellostream;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.Exposition;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The RabbitMQ stream accepts no messages, or not all of them, while messages wait in the
 * queue: none of them is lost, blocks the others, or is seen twice.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(240)
class StalledLogIT {

	private static final int MESSAGES = 100;

	private static final int LOSSES = 8;

	/** The number of marks that the application may have appended and not read back. */
	private static final int MARKS = 2;

	private static final int LIMIT = 200_000;

	private static RabbitNode node;

	@BeforeAll
	static void start() {
		// Not the shared node, since users and limits of this one are changed.
		node = new RabbitNode();
		node.start();
		node.ctl("add_user", "app", "app");
	}

	@BeforeEach
	void allowAnySize() {
		limit(128 << 20);
	}

	@AfterAll
	static void end() {
		node.close();
	}

	@Test
	void messagesWhenDeliveredAgainAndAgainShouldBeAppendedOnce() throws Exception {
		BrokerAddress broker = node.freshVirtualHost();
		permit(broker, ".*");
		try (ApplicationProcess application = start(broker, "--spring.rabbitmq.username=app",
				"--spring.rabbitmq.password=app")) {
			MessagesApi api = new MessagesApi(application);
			publish(broker, utf8("before"));
			awaitBodies(api, List.of("before"));
			permit(broker, "");
			close(false);
			List<String> bodies = IntStream.range(0, MESSAGES).mapToObj(String::valueOf).toList();
			publish(broker, bodies.stream().map(StalledLogIT::utf8).toArray(byte[][]::new));
			double received = MESSAGES;
			for (int loss = 0; loss < LOSSES; loss++) {
				awaitMore(application, received);
				recovery("only what is delivered now is pending").untilAsserted(() -> assertFewPending(application));
				close(true);
				received = application.metric("hello_stream_consume_received_total");
			}
			awaitMore(application, received);
			assertThat(application.metric("hello_stream_consume_redelivered_total")).isGreaterThan(MESSAGES);
			permit(broker, ".*");
			recovery("all is seen").until(() -> bodies(api).size() > MESSAGES);
			awaitAcknowledged(broker);
			recovery("nothing is pending")
				.untilAsserted(() -> assertThat(application.metric("hello_stream_log_appends")).isZero());
			// In any order: a quorum queue reorders messages that are returned
			// repeatedly.
			assertThat(bodies(api).subList(1, 1 + MESSAGES)).containsExactlyInAnyOrderElementsOf(bodies);
			assertThat(bodies(api)).hasSize(1 + MESSAGES);
		}
	}

	@Test
	void messageThatIsTooLargeForTheBrokerShouldBePutAwayWithoutItsBody() throws Exception {
		BrokerAddress broker = node.freshVirtualHost();
		// The last of the large ones also exceeds the application's own limit.
		byte[][] large = { new byte[LIMIT + 1], new byte[300_000], new byte[1_500_000] };
		publish(broker, utf8("0"), large[0], utf8("1"), utf8("2"), large[1], large[2], utf8("3"));
		limit(LIMIT);
		try (ApplicationProcess application = start(broker)) {
			MessagesApi api = new MessagesApi(application);
			awaitBodies(api, List.of("0", "1", "2", "3"));
			recovery("all are put away").untilAsserted(() -> assertThat(
					Exposition.of(application).value("hello_stream_consume_dead_letters_total", "reason", "too-large"))
				.isEqualTo(large.length));
			awaitAcknowledged(broker);
			List<String> reasons = new ArrayList<>();
			try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
				for (int i = 0; i < large.length; i++) {
					GetResponse dead = channel.basicGet("hello.dead", true);
					assertThat(dead.getBody()).isEmpty();
					assertThat(dead.getProps().getHeaders()).containsEntry("mine", 1);
					reasons.add(String.valueOf(dead.getProps().getHeaders().get("x-hello-stream-reason")));
				}
			}
			assertThat(reasons).anyMatch((reason) -> reason.contains("larger than configured max size " + LIMIT))
				.anyMatch((reason) -> reason.contains("its body of 300000 bytes is left out"))
				.anyMatch((reason) -> reason.contains("the message has 1500000 bytes, more than the limit of 1048576"));
			assertThat(bodies(api)).containsExactly("0", "1", "2", "3");
		}
	}

	@Test
	void postThatIsTooLargeForTheBrokerShouldBeRefusedAndNoneBesideIt() throws Exception {
		BrokerAddress broker = node.freshVirtualHost();
		limit(LIMIT);
		try (ApplicationProcess application = start(broker)) {
			MessagesApi api = new MessagesApi(application);
			recovery("the queue is there").until(() -> api.post("0", "Idempotency-Key", "0").statusCode() == 202);
			CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> IntStream.range(1, MESSAGES)
				.mapToObj(String::valueOf)
				.forEach((body) -> recovery("post " + body)
					.until(() -> api.post(body, "Idempotency-Key", body).statusCode() == 202)));
			for (int i = 0; i < 5; i++) {
				HttpResponse<String> refused = api.post("x".repeat(300_000));
				assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
				assertThat(refused.body()).contains("message size 300000 is larger than configured max size " + LIMIT,
						"max_message_size");
			}
			beside.get(60, TimeUnit.SECONDS);
			awaitBodies(api, IntStream.range(0, MESSAGES).mapToObj(String::valueOf).toList());
		}
	}

	private static ApplicationProcess start(BrokerAddress broker, String... arguments) {
		return ApplicationProcess
			.start(Stream.of(broker.applicationArguments(), arguments).flatMap(Stream::of).toArray(String[]::new));
	}

	private static void permit(BrokerAddress broker, String write) {
		node.ctl("set_permissions", "--vhost", broker.virtualHost(), "app", ".*", write, ".*");
	}

	private static void assertFewPending(ApplicationProcess application) throws IOException {
		Exposition meters = Exposition.of(application);
		assertThat(meters.value("hello_stream_log_appends"))
			.isLessThanOrEqualTo(meters.value("hello_stream_consume_unacknowledged") + MARKS);
	}

	/** Close the consuming connection, or all others. */
	private static void close(boolean consuming) {
		recovery("closed").until(
				() -> node
					.ctl("eval",
							"""
									[rabbit_networking:close_connection(Pid, "test") || [{pid, Pid}, {client_properties, Properties}]
										<- rabbit_networking:connection_info_all([pid, client_properties]),
										lists:member({<<"connection_name">>, longstr, <<"hello-stream consume">>}, Properties) =:= %s].
									"""
								.formatted(consuming))
					.contains("ok"));
	}

	private static void awaitMore(ApplicationProcess application, double received) {
		recovery("delivered again").until(() -> application.metric("hello_stream_consume_received_total") > received);
	}

	/** Publish messages without message ids. */
	private static void publish(BrokerAddress broker, byte[]... bodies) throws Exception {
		BasicProperties properties = new BasicProperties.Builder().deliveryMode(2).headers(Map.of("mine", 1)).build();
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("hello", true, false, false, Map.of("x-queue-type", "quorum"));
			channel.confirmSelect();
			for (byte[] body : bodies) {
				channel.basicPublish("", "hello", true, properties, body);
			}
			channel.waitForConfirmsOrDie(30_000);
		}
	}

	private static void awaitAcknowledged(BrokerAddress broker) {
		recovery("all is acknowledged").untilAsserted(
				() -> assertThat(node.ctl("list_queues", "--vhost", broker.virtualHost(), "name", "messages").lines())
					.contains("hello\t0"));
	}

	private static void awaitBodies(MessagesApi api, List<String> bodies) {
		recovery("seen").untilAsserted(() -> assertThat(bodies(api)).isEqualTo(bodies));
	}

	private static List<String> bodies(MessagesApi api) throws IOException {
		return api.all().stream().map(Entry::body).toList();
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static ConditionFactory recovery(String alias) {
		return Awaitility.await(alias).ignoreException(IOException.class).atMost(Duration.ofSeconds(60));
	}

	/**
	 * Set the value of {@code max_message_size} in {@code rabbitmq.conf}, for channels
	 * that are opened from now on.
	 */
	private static void limit(int bytes) {
		node.ctl("eval", "application:set_env(rabbit, max_message_size, %d).".formatted(bytes));
	}

}
