package dev.hellostream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.FaultProxy;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The network between the application and its broker is bad, while other programs
 * continue to publish: a subscriber stays connected and misses nothing.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(180)
class BrokerNetworkIT {

	private static final int MESSAGES = 1_000;

	/** About a tenth of the rate that the application can receive. */
	private static final int SLOW_BYTES_PER_SECOND = 100_000;

	private BrokerAddress broker;

	private FaultProxy network;

	private ApplicationProcess application;

	private EventStream watching;

	private int published;

	@BeforeEach
	void start() throws Exception {
		this.broker = RabbitNode.shared().freshVirtualHost();
		this.network = new FaultProxy(this.broker.port());
		List<String> arguments = new ArrayList<>(
				List.of(new BrokerAddress(this.network.port(), this.broker.virtualHost()).applicationArguments()));
		arguments.add("--spring.rabbitmq.requested-heartbeat=2s");
		arguments.add("--logging.level.dev.hellostream.consume=warn");
		this.application = ApplicationProcess.start(arguments.toArray(String[]::new));
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> brokerHealth() == 200);
		this.watching = EventStream.open(this.application.uri("/messages"), Duration.ofSeconds(60));
		assertThat(this.watching.nextEvent().event()).isEqualTo("start");
	}

	@AfterEach
	void end() throws Exception {
		this.watching.close();
		this.application.close();
		this.network.close();
	}

	@Test
	void heartbeatsWhenLostShouldEndTheConnectionAndNothingElse() throws Exception {
		publish(MESSAGES);
		assertSeen(0, MESSAGES / 2);
		this.network.stall();
		publish(MESSAGES);
		// The AMQP client closes a connection after two silent heartbeat intervals.
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> brokerHealth() == 503);
		this.network.heal();
		assertSeen(MESSAGES / 2, this.published);
		publish(1);
		assertSeen(this.published - 1, this.published);
	}

	@Test
	void networkWhenSlowShouldDelayAndLoseNothing() throws Exception {
		this.network.slowDown(SLOW_BYTES_PER_SECOND);
		long start = System.nanoTime();
		publish(MESSAGES);
		assertSeen(0, this.published);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).as("the network was slow")
			.isGreaterThan(Duration.ofSeconds(2));
		assertThat(brokerHealth()).as("heartbeats came through").isEqualTo(200);
	}

	@Test
	void connectionsWhenCutShouldComeBack() throws Exception {
		for (int i = 0; i < 3; i++) {
			int first = this.published;
			publish(MESSAGES);
			this.network.cut();
			assertSeen(first, this.published);
		}
	}

	private int brokerHealth() throws IOException {
		return new MessagesApi(this.application).send("GET", "/actuator/health/broker", null).statusCode();
	}

	/** Publish numbers on a connection that bypasses the bad network. */
	private void publish(int count) throws IOException, TimeoutException, InterruptedException {
		try (Connection connection = this.broker.connect(); Channel channel = connection.createChannel()) {
			channel.confirmSelect();
			for (int i = 0; i < count; i++) {
				String number = String.valueOf(this.published++);
				BasicProperties properties = new BasicProperties.Builder().messageId(number).deliveryMode(2).build();
				channel.basicPublish("", "hello", true, properties, padded(number).getBytes(StandardCharsets.UTF_8));
			}
			channel.waitForConfirmsOrDie(30_000);
		}
	}

	private void assertSeen(int first, int end) throws IOException {
		List<Integer> seen = new ArrayList<>();
		while (seen.size() < end - first) {
			EventStream.Frame frame = this.watching.nextEvent();
			assertThat(frame.event()).as(frame.data()).isNull();
			seen.add(Integer.valueOf(Entry.parse(String.valueOf(frame.data())).body().strip()));
		}
		// Redelivered messages may follow newer ones, so the order is not checked.
		assertThat(seen).doesNotHaveDuplicates().allSatisfy((each) -> assertThat(each).isBetween(first, end - 1));
	}

	private static String padded(String number) {
		return "%-300s".formatted(number);
	}

}
