package dev.hellostream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The permissions that the documentation names are sufficient, and where one is missing,
 * the process log and health name it.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(180)
class PermissionsIT {

	private static final String MEMORY = "--hello-stream.log.store=memory";

	private static final String STREAM = "--hello-stream.log.store=stream";

	private static final String BIND = "--hello-stream.queue.bind=events/order.new";

	private static final String PUT_AWAY = "A message was moved to hello.dead";

	private final RabbitNode node = RabbitNode.shared();

	private final BrokerAddress broker = this.node.freshVirtualHost();

	private final String user = "user-" + UUID.randomUUID();

	@ParameterizedTest
	@ValueSource(strings = { MEMORY, STREAM, BIND })
	void documentedPermissionsShouldBeEnough(String mode) throws Exception {
		try (Connection connection = this.broker.connect();
				Channel channel = connection.createChannel();
				ApplicationProcess application = start(channel, mode, documented(mode));
				EventStream stream = EventStream.open(application.uri("/messages"))) {
			MessagesApi api = new MessagesApi(application);
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			await("published").until(() -> api.post("Hello").statusCode() == 202);
			assertThat(stream.nextEvent().data()).contains("Hello");
			assertThat(api.page("?after=first").entries()).hasSize(1);
			channel.basicPublish(mode.equals(BIND) ? "events" : "", mode.equals(BIND) ? "order.new" : "hello", null,
					new byte[2_000]);
			await("put away").until(() -> channel.messageCount("hello.dead") == 1);
			assertThat(api.send("GET", "/actuator/health/broker", null).statusCode()).isEqualTo(200);
			assertThat(application.output().lines()).filteredOn((line) -> !line.contains(PUT_AWAY))
				.noneMatch((line) -> line.contains(" WARN ") || line.contains(" ERROR "));
		}
	}

	@ParameterizedTest
	@CsvSource({ STREAM + ", configure, queue, hello", STREAM + ", configure, queue, hello.dead",
			STREAM + ", configure, queue, hello.log", STREAM + ", write, exchange, amq.default",
			STREAM + ", read, queue, hello", STREAM + ", read, queue, hello.log",
			BIND + ", configure, queue, hello.watch", BIND + ", write, queue, hello.watch",
			BIND + ", write, exchange, events", BIND + ", read, exchange, events",
			BIND + ", read, queue, hello.watch" })
	void permissionThatIsMissingShouldBeNamed(String mode, String permission, String kind, String name)
			throws Exception {
		List<String> permissions = new ArrayList<>(documented(mode));
		int which = List.of("configure", "write", "read").indexOf(permission);
		boolean watch = name.endsWith("watch");
		permissions.set(which, "(?!^" + name.replace(".", "\\.") + (watch ? "" : "$") + ")" + permissions.get(which));
		String words = "403 ACCESS_REFUSED, for lack of %s permission on %s '%s".formatted(permission, kind, name);
		try (Connection connection = this.broker.connect();
				Channel channel = connection.createChannel();
				ApplicationProcess application = start(channel, mode, permissions)) {
			MessagesApi api = new MessagesApi(application);
			await("health").untilAsserted(() -> {
				String answer = api.post("a message waits").body();
				String health = api.send("GET", "/actuator/health/broker", null).body();
				assertThat(health).contains(words);
				assertThat(health + answer).doesNotContain(this.user, this.broker.virtualHost());
			});
			await("log").untilAsserted(() -> assertThat(application.output().lines())
				.filteredOn((line) -> line.contains(" WARN ") && line.contains(words))
				.anyMatch((line) -> line.contains("user '" + this.user)));
		}
	}

	/** The permissions in the table of the documentation, in the order of its columns. */
	private static List<String> documented(String mode) throws IOException {
		String row = Files.readString(Path.of("docs/operations.md"))
			.lines()
			.filter((line) -> line.startsWith("| `" + mode.substring(2) + "`"))
			.findFirst()
			.orElseThrow();
		return Arrays.stream(row.split("(?<!\\\\)\\|"))
			.skip(2)
			.limit(3)
			.map((cell) -> cell.strip().replace("`", "").replace("\\|", "|"))
			.toList();
	}

	private ApplicationProcess start(Channel channel, String mode, List<String> permissions) throws IOException {
		channel.exchangeDeclare("events", "topic");
		this.node.ctl("add_user", this.user, "secret");
		this.node.ctl("set_permissions", "--vhost", this.broker.virtualHost(), this.user, permissions.get(0),
				permissions.get(1), permissions.get(2));
		List<String> arguments = new ArrayList<>(List.of(this.broker.applicationArguments()));
		arguments.addAll(List.of(mode, "--spring.rabbitmq.username=" + this.user, "--spring.rabbitmq.password=secret",
				"--hello-stream.publish.max-size=1KB"));
		return ApplicationProcess.start(arguments.toArray(String[]::new));
	}

	private static ConditionFactory await(String alias) {
		return Awaitility.await(alias).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200));
	}

}
