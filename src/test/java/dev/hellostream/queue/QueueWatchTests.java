package dev.hellostream.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import dev.hellostream.embedded.TestBroker;
import dev.hellostream.queue.QueueStatus.State;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QueueWatch}, with the embedded broker.
 */
@ExtendWith(OutputCaptureExtension.class)
class QueueWatchTests {

	private static final DeliverCallback IGNORE = (tag, delivery) -> {
	};

	private TestBroker broker;

	private final List<Object> events = new CopyOnWriteArrayList<>();

	private CachingConnectionFactory connections;

	private Connection other;

	private Channel channel;

	private boolean sharedLog;

	private QueueWatch queue;

	@BeforeEach
	void start() throws Exception {
		this.broker = TestBroker.start();
		this.connections = new CachingConnectionFactory("127.0.0.1", this.broker.port());
		this.other = this.broker.connect();
		this.channel = this.other.createChannel();
	}

	@AfterEach
	void stop() throws Exception {
		this.queue.stop();
		this.other.abort();
		this.connections.destroy();
		this.broker.close();
	}

	@Test
	void startWhenMissingShouldDeclareQueueAndDeadLetterQueue() throws Exception {
		adopt("hello", null);
		assertThat(this.queue.status().state()).isEqualTo(State.DECLARED);
		assertThat(this.queue.name()).isEqualTo("hello");
		assertThat(this.events).containsExactly(new QueueAvailable("hello"));
		assertThat(this.channel.queueDeclarePassive("hello").getMessageCount()).isZero();
		assertThat(this.channel.queueDeclarePassive("hello.dead").getMessageCount()).isZero();
	}

	@Test
	void startWhenThereShouldTakeItAsItStands() throws Exception {
		this.channel.queueDeclare("hello", true, false, false, Map.of("x-queue-type", "quorum"));
		this.channel.basicConsume("hello", true, IGNORE, (tag) -> {
		});
		this.channel.basicConsume("hello", true, IGNORE, (tag) -> {
		});
		adopt("hello", null);
		assertThat(this.queue.status()).satisfies((status) -> {
			assertThat(status.state()).isEqualTo(State.ADOPTED);
			assertThat(status.consumers()).isEqualTo(2);
			assertThat(status.detail()).contains("has 2 consumers.", "share only");
		});
	}

	@Test
	void startWhenAnotherConsumesShouldSayWhatThatMeans(CapturedOutput output) throws Exception {
		this.channel.queueDeclare("hello", false, false, false, null);
		this.channel.basicPublish("", "hello", null, new byte[1]);
		this.channel.basicConsume("hello", false, IGNORE, (tag) -> {
		});
		this.sharedLog = true;
		adopt("hello", null);
		assertThat(this.queue.status().detail()).isEqualTo("Queue 'hello' has 1 consumer.");
		assertThat(output).containsPattern(
				"with . messages? and 1 consumer\\. Messages of instances of Hello Stream with the same log are shown here");
		this.channel.basicConsume("hello", false, IGNORE, (tag) -> {
		});
		awaitStatus((status) -> status.consumers() == 2);
		assertThat(this.queue.status().detail()).contains("has 2 consumers.", "other programs")
			.doesNotContain("share only");
	}

	@Test
	void startWhenNobodyElseConsumesShouldWarnOfNothing(CapturedOutput output) throws Exception {
		this.channel.queueDeclare("hello", false, false, false, null);
		this.channel.basicPublish("", "hello", null, new byte[1]);
		Awaitility.await().until(() -> this.channel.queueDeclarePassive("hello").getMessageCount() == 1);
		adopt("hello", null);
		assertThat(output).contains("with 1 message and 0 consumers.").doesNotContain("share only");
	}

	@Test
	void lookWhenDeclaredHereAndVanishedShouldDeclareAgain() throws Exception {
		adopt("hello", null);
		this.channel.queueDelete("hello");
		await(() -> this.events.size() == 2);
		assertThat(this.channel.queueDeclarePassive("hello").getMessageCount()).isZero();
		assertThat(this.queue.status().state()).isEqualTo(State.DECLARED);
	}

	@Test
	void lookWhenAdoptedAndVanishedShouldWaitForIt() throws Exception {
		this.channel.queueDeclare("hello", false, false, false, null);
		adopt("hello", null);
		this.channel.queueDelete("hello");
		awaitStatus((status) -> status.state() == State.MISSING);
		assertThat(this.queue.status().detail()).contains("waits for the program");
		assertThat(this.events).hasSize(1);
		this.channel.queueDeclare("hello", false, false, false, null);
		await(() -> this.events.size() == 2);
		assertThat(this.queue.status().state()).isEqualTo(State.ADOPTED);
	}

	@Test
	void lookWhenExclusiveToAnotherShouldSayWhatToDoAndGoOnOnceItIsFree() throws Exception {
		this.channel.queueDeclare("hello", false, true, false, null);
		adopt("hello", null);
		assertThat(this.queue.status().state()).isEqualTo(State.REFUSED);
		assertThat(this.queue.status().detail()).contains("exclusive", "hello-stream.queue.name");
		assertThat(this.events).isEmpty();
		this.other.close();
		awaitStatus(QueueStatus::isAvailable);
		assertThat(this.events).containsExactly(new QueueAvailable("hello"));
	}

	@Test
	void lookWhenNobodyConsumesShouldAnnounceItAgain() throws Exception {
		adopt("hello", null);
		await(() -> this.events.size() >= 2);
		this.channel.basicConsume("hello", true, IGNORE, (tag) -> {
		});
		awaitStatus((status) -> status.consumers() == 1);
		assertThat(this.events).hasSize(2);
	}

	@Test
	void lookWhenBoundShouldWatchAndTakeNothing() throws Exception {
		adopt("hello", "events/order.*");
		assertThat(this.queue.status().state()).isEqualTo(State.MISSING);
		assertThat(this.queue.status().detail()).contains("Exchange 'events' does not exist");
		this.channel.exchangeDeclare("events", "topic");
		awaitStatus(QueueStatus::isAvailable);
		assertThat(this.queue.name()).startsWith("hello.watch.");
		this.channel.queueDeclare("theirs", false, false, false, null);
		this.channel.queueBind("theirs", "events", "#");
		this.channel.basicPublish("events", "order.new", null, new byte[0]);
		this.channel.basicPublish("events", "bill.new", null, new byte[0]);
		await(() -> this.channel.queueDeclarePassive("theirs").getMessageCount() == 2);
		assertThat(this.channel.queueDeclarePassive(this.queue.name()).getMessageCount()).isEqualTo(1);
	}

	@Test
	void startWhenBrokerIsDownShouldNotWaitAndSayWhatToDo(CapturedOutput output) {
		this.broker.close();
		this.queue = new QueueWatch(this.connections, "broker.example.org:5672", new QueueSettings("hello", null),
				false, false, this.events::add);
		this.queue.start();
		Awaitility.await().until(() -> this.queue.status().state() == State.UNREACHABLE);
		assertThat(this.queue.status().detail()).isEqualTo("The broker cannot be reached (Connection refused): "
				+ "start it, or check spring.rabbitmq.host and port. Trying again.");
		Awaitility.await()
			.untilAsserted(() -> assertThat(output)
				.contains("RabbitMQ at broker.example.org:5672 cannot be reached (Connection refused): start it"));
	}

	@Test
	void deadLetterQueueWhenFullShouldTakeTheNewestWithoutBlocking() throws Exception {
		adopt("hello", null);
		this.channel.confirmSelect();
		for (int i = 0; i < 1100; i++) {
			this.channel.basicPublish("", "hello.dead", true, null, new byte[0]);
		}
		assertThat(this.channel.waitForConfirms(10_000)).isTrue();
		assertThat(this.channel.queueDeclarePassive("hello.dead").getMessageCount()).isEqualTo(1000);
	}

	private void adopt(String name, String bind) {
		this.queue = new QueueWatch(this.connections, "broker.example.org:5672", new QueueSettings(name, bind), true,
				this.sharedLog, this.events::add);
		this.queue.start();
	}

	private void awaitStatus(Predicate<QueueStatus> condition) {
		await(() -> condition.test(this.queue.status()));
	}

	/**
	 * Wait for a condition, and look at the queue at once instead of every five seconds.
	 */
	private void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(50)).until(() -> {
			this.queue.onCreate(null);
			return condition.call();
		});
	}

}
