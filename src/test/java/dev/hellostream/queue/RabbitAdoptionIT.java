package dev.hellostream.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.NotPublishedException;
import dev.hellostream.amqp.Publication;
import dev.hellostream.amqp.Publishers;
import dev.hellostream.amqp.UnconfirmedException;
import dev.hellostream.queue.QueueStatus.State;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QueueWatch}, with a private RabbitMQ node that the tests kill and put
 * under alarms.
 */
@RequiresTool(Tool.RABBITMQ)
@ExtendWith(OutputCaptureExtension.class)
class RabbitAdoptionIT {

	private static final Logger logger = LoggerFactory.getLogger(RabbitAdoptionIT.class);

	private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");

	@AutoClose
	private static RabbitNode node;

	private final List<Object> events = new CopyOnWriteArrayList<>();

	private CachingConnectionFactory connections;

	private ConnectionFactory foreign;

	private QueueWatch queue;

	private ConfirmingPublisher publisher;

	@BeforeAll
	static void startNode() {
		node = new RabbitNode();
		node.start();
	}

	@BeforeEach
	void connect() {
		BrokerAddress address = node.freshVirtualHost();
		this.foreign = new ConnectionFactory();
		this.foreign.setHost("127.0.0.1");
		this.foreign.setPort(address.port());
		this.foreign.setVirtualHost(address.virtualHost());
		this.foreign.setAutomaticRecoveryEnabled(false);
		this.connections = new CachingConnectionFactory("127.0.0.1", address.port());
		this.connections.setVirtualHost(address.virtualHost());
		this.publisher = Publishers.start(this.connections, Duration.ofSeconds(5));
	}

	@AfterEach
	void disconnect() {
		this.queue.stop();
		this.publisher.stop();
		this.connections.destroy();
	}

	@Test
	void startWhenMissingShouldDeclareAsTheTutorialsDo() throws Exception {
		adopt(null);
		awaitState(State.DECLARED);
		try (Connection connection = this.foreign.newConnection(); Channel other = connection.createChannel()) {
			// RabbitMQ answers different arguments with a 406.
			assertThat(other.queueDeclare("hello", true, false, false, QUORUM).getMessageCount()).isZero();
			assertThat(other.queueDeclare("hello.dead", true, false, false, QUORUM).getMessageCount()).isZero();
		}
		assertThat(this.events).containsExactly(new QueueAvailable("hello"));
	}

	@Test
	void startWhenTheVirtualHostIsMissingShouldSayWhatToCorrect() {
		this.connections.setVirtualHost("nowhere");
		adopt(null);
		awaitState(State.UNREACHABLE);
		assertThat(this.queue.status().detail()).contains("530 NOT_ALLOWED", "spring.rabbitmq.virtual-host")
			.doesNotContain("nowhere", "guest", "#method");
	}

	@Test
	void startWhenThereShouldTakeItAsItStands() throws Exception {
		try (Connection connection = this.foreign.newConnection(); Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
			adopt(null);
			awaitState(State.ADOPTED);
			this.queue.stop();
			other.queueDelete("hello");
			other.queueDeclare("hello", true, false, false, null);
			adopt(null);
			awaitState(State.ADOPTED);
			this.queue.stop();
			other.queueDelete("hello");
			other.queueDeclare("hello", true, false, false, QUORUM);
			adopt(null);
			awaitState(State.ADOPTED);
			other.queueDelete("hello");
			awaitState(State.MISSING);
			other.queueDeclare("hello", false, false, false, null);
			awaitState(State.ADOPTED);
			assertThat(this.events).hasSizeGreaterThanOrEqualTo(4);
		}
	}

	@Test
	void lookWhenExclusiveToAnotherShouldKeepTheConnection() throws Exception {
		try (Connection connection = this.foreign.newConnection(); Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, true, false, null);
			adopt(null);
			awaitState(State.REFUSED);
			assertThat(this.queue.status().detail()).contains("exclusive", "hello-stream.queue.name", "405");
			assertThat(this.connections.createConnection().isOpen()).isTrue();
		}
		awaitState(State.DECLARED);
	}

	@Test
	void lookWhenBoundShouldWatchAndTakeNothing() throws Exception {
		try (Connection connection = this.foreign.newConnection(); Channel other = connection.createChannel()) {
			adopt("events/order.*");
			awaitState(State.MISSING);
			other.exchangeDeclare("events", "topic");
			awaitState(State.DECLARED);
			other.basicPublish("events", "order.new", null, new byte[0]);
			await(() -> other.queueDeclarePassive(this.queue.name()).getMessageCount() == 1);
		}
	}

	@ParameterizedTest
	@Tag("slow")
	@ValueSource(strings = { "stream", "quorum" })
	void queuesShouldBeOfTheirTypeWhateverTheVirtualHostsDefaultIs(String type) throws Exception {
		String virtualHost = "default-" + type;
		node.ctl("add_vhost", virtualHost, "--default-queue-type", type);
		node.ctl("set_permissions", "--vhost", virtualHost, "guest", ".*", ".*", ".*");
		this.foreign.setVirtualHost(virtualHost);
		this.connections.setVirtualHost(virtualHost);
		try (Connection connection = this.foreign.newConnection(); Channel other = connection.createChannel()) {
			other.exchangeDeclare("events", "topic");
		}
		adopt("events/order.*");
		awaitState(State.DECLARED);
		this.queue.stop();
		adopt(null);
		awaitState(State.DECLARED);
		await(() -> declared(virtualHost).equals(Set.of("hello quorum", "hello.dead quorum", "hello.watch classic")));
	}

	private static Set<String> declared(String virtualHost) {
		return node.ctl("list_queues", "--vhost", virtualHost, "--no-table-headers", "name", "type")
			.lines()
			.map((line) -> line.replaceFirst("watch\\.\\w+", "watch").replaceAll("\\s+", " "))
			.collect(Collectors.toSet());
	}

	@Test
	void publishWhenQueueIsMissingShouldSayWhy() {
		adopt(null);
		awaitState(State.DECLARED);
		StepVerifier.create(this.publisher.publish(message("nowhere")))
			.expectErrorSatisfies(
					(ex) -> assertThat(ex).isInstanceOf(NotPublishedException.class).hasMessageContaining("NO_ROUTE"))
			.verify(Duration.ofSeconds(10));
	}

	@Test
	@Tag("slow")
	void publishWhenPipelinedShouldConfirmAll() {
		adopt(null);
		awaitState(State.DECLARED);
		for (int round = 0; round < 3; round++) {
			long start = System.nanoTime();
			StepVerifier
				.create(Flux.range(0, 50_000).flatMap((i) -> this.publisher.publish(message("hello")), 2000).then())
				.expectComplete()
				.verify(Duration.ofSeconds(60));
			logger.info("50,000 publications to a quorum queue confirmed in {} ms",
					(System.nanoTime() - start) / 1_000_000);
		}
		await(() -> this.queue.status().messages() == 150_000);
	}

	@Test
	void publishWhenBrokerIsShortOfMemoryShouldFailAtOnceUntilItHasRecovered() {
		adopt(null);
		awaitState(State.DECLARED);
		StepVerifier.create(this.publisher.publish(message("hello"))).expectComplete().verify(Duration.ofSeconds(10));
		node.ctl("set_vm_memory_high_watermark", "0");
		try {
			// RabbitMQ reports the alarm to a connection when that publishes.
			StepVerifier.create(this.publisher.publish(message("hello")))
				.expectError(UnconfirmedException.class)
				.verify(Duration.ofSeconds(10));
			StepVerifier.create(this.publisher.publish(message("hello")))
				.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(NotPublishedException.class)
					.hasMessageContaining("low on memory"))
				.verify(Duration.ofSeconds(1));
		}
		finally {
			node.ctl("set_vm_memory_high_watermark", "absolute", "1GB");
		}
		await(() -> this.publisher.publish(message("hello")).thenReturn(true).onErrorReturn(false).block());
	}

	@Test
	@Tag("slow")
	void lookWhenBrokerIsKilledAndReturnsShouldFindItsOwnQueueAndWaitForTheOthers() throws Exception {
		try (Connection connection = this.foreign.newConnection(); Channel other = connection.createChannel()) {
			other.queueDeclare("hello", false, false, false, null);
		}
		adopt(null);
		awaitState(State.ADOPTED);
		node.killHard();
		awaitState(State.UNREACHABLE);
		StepVerifier.create(this.publisher.publish(message("hello")))
			.expectError(NotPublishedException.class)
			.verify(Duration.ofSeconds(10));
		node.start();
		awaitState(State.MISSING);
		this.queue.stop();
		adopt(null);
		awaitState(State.DECLARED);
		await(() -> this.publisher.publish(message("hello")).thenReturn(true).onErrorReturn(false).block());
		// RabbitMQ stores the location of a quorum queue just after its declaration.
		Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
		node.killHard();
		awaitState(State.UNREACHABLE);
		node.start();
		awaitState(State.DECLARED);
		await(() -> this.queue.status().messages() == 1);
	}

	@Test
	void credentialsWhenRefusedShouldBeNamedInTheLogOnly(CapturedOutput output) {
		this.connections.setPassword("wrong");
		adopt(null);
		awaitState(State.UNREACHABLE);
		assertThat(this.queue.status().detail()).isEqualTo("The broker refuses the user (ACCESS_REFUSED): "
				+ "correct spring.rabbitmq.username and password. Trying again.");
		await(() -> output.getOut()
			.contains("RabbitMQ at 127.0.0.1:%d refuses user guest (ACCESS_REFUSED): "
				.formatted(this.foreign.getPort())));
	}

	private void adopt(String bind) {
		this.queue = new QueueWatch(this.connections, "127.0.0.1:" + this.foreign.getPort(),
				new QueueSettings("hello", bind), false, false, this.events::add);
		this.queue.start();
	}

	private void awaitState(State state) {
		await(() -> this.queue.status().state() == state);
	}

	/**
	 * Wait for a condition, and look at the queue at once instead of every five seconds.
	 */
	private void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(200)).until(() -> {
			this.queue.onCreate(null);
			return condition.call();
		});
	}

	private static Publication message(String queue) {
		return new Publication("", queue, MessageProperties.PERSISTENT_BASIC, new byte[120]);
	}

}
