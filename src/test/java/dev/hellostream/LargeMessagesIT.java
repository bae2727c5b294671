package dev.hellostream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A queue full of large messages and a small heap, while the log accepts none: the broker
 * may send a thousand messages ahead, which would not fit.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
class LargeMessagesIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final int MESSAGES = 300;

	private static final int UNCONFIRMED = 25;

	private static final String PADDING = "x".repeat(900_000);

	private final RabbitNode node = RabbitNode.shared();

	@AfterEach
	void endAlarm() {
		// More than the broker needs for these messages, so that the alarm ends.
		this.node.ctl("set_vm_memory_high_watermark", "absolute", "4GB");
	}

	@Test
	void messagesThatDoNotFitShouldStayInTheQueueUntilTheLogTakesThem() throws Exception {
		BrokerAddress broker = this.node.freshVirtualHost();
		publish(broker);
		List<String> arguments = new ArrayList<>(List.of(broker.applicationArguments()));
		arguments.addAll(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "--logging.level.dev.hellostream=warn"));
		// During an alarm, the broker reads nothing from connections that have published,
		// and continues to deliver.
		this.node.ctl("set_vm_memory_high_watermark", "0.00001");
		try (ApplicationProcess application = ApplicationProcess.launch(arguments.toArray(String[]::new));
				Connection connection = broker.connect();
				Channel channel = connection.createChannel()) {
			Awaitility.await().atMost(LIMIT).until(() -> channel.messageCount("hello") < MESSAGES);
			Awaitility.await()
				.atMost(LIMIT)
				.during(Duration.ofSeconds(5))
				.until(() -> channel.messageCount("hello") > MESSAGES / 2);
			endAlarm();
			MessagesApi api = new MessagesApi(application);
			Awaitility.await()
				.atMost(LIMIT)
				.ignoreExceptionsInstanceOf(IOException.class)
				.failFast("the application ended", () -> !application.isAlive())
				.untilAsserted(() -> assertThat(api.page("?limit=1").entries()).last()
					.satisfies((entry) -> assertThat(entry.body()).startsWith((MESSAGES - 1) + " ")));
			Awaitility.await().atMost(LIMIT).until(() -> channel.messageCount("hello") == 0);
		}
	}

	private static void publish(BrokerAddress broker) throws Exception {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("hello", true, false, false, null);
			channel.confirmSelect();
			for (int i = 0; i < MESSAGES; i++) {
				channel.basicPublish("", "hello", MessageProperties.PERSISTENT_TEXT_PLAIN,
						(i + " " + PADDING).getBytes(StandardCharsets.US_ASCII));
				if (i % UNCONFIRMED == UNCONFIRMED - 1) {
					channel.waitForConfirmsOrDie(LIMIT.toMillis());
				}
			}
		}
	}

}
