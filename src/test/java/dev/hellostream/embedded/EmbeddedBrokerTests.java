package dev.hellostream.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import dev.hellostream.start.StartFailure;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EmbeddedBrokerTests {

	private final EmbeddedBroker broker = new EmbeddedBroker(new EmbeddedBrokerSettings(0),
			new EmbeddedBrokerMemory(1000, 1 << 20));

	@AfterEach
	void stop() {
		this.broker.stop();
	}

	@Test
	void startWhenPortIsTakenShouldSayWhichPort() {
		this.broker.start();
		EmbeddedBroker second = new EmbeddedBroker(new EmbeddedBrokerSettings(this.broker.port()));
		assertThatExceptionOfType(StartFailure.class).isThrownBy(second::start)
			.withMessageContainingAll("127.0.0.1:" + this.broker.port(), "--spring.profiles.active=rabbitmq");
	}

	@Test
	void startShouldListenOnLoopbackOnly() throws IOException {
		this.broker.start();
		// A server that listens on all addresses can be reached at each loopback address.
		try (Socket socket = new Socket()) {
			InetSocketAddress other = new InetSocketAddress("127.0.0.2", this.broker.port());
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> socket.connect(other, 2_000));
		}
	}

	@Test
	void startWhenStoppedBeforeShouldTakeTheSamePortAgain() {
		this.broker.start();
		int port = this.broker.port();
		this.broker.stop();
		EmbeddedBroker second = new EmbeddedBroker(new EmbeddedBrokerSettings(port));
		second.start();
		try {
			assertThat(second.port()).isEqualTo(port);
		}
		finally {
			second.stop();
		}
	}

	@Test
	void connectShouldOfferWhatConfirmingClientsAskFor() throws Exception {
		this.broker.start();
		try (Connection connection = TestBroker.connect(this.broker)) {
			assertThat(connection.getServerProperties()).extractingByKey("capabilities")
				.satisfies((capabilities) -> assertThat(capabilities.toString()).contains("publisher_confirms=true",
						"basic.nack=true"));
			assertThat(connection.getHeartbeat()).isEqualTo(60);
		}
	}

	@Test
	void publishWhenConsumerIsSlowerShouldLoseNothingAndStayBounded() throws Exception {
		this.broker.start();
		int total = 20_000;
		CountDownLatch received = new CountDownLatch(total);
		try (Connection publisher = TestBroker.connect(this.broker);
				Connection consumer = TestBroker.connect(this.broker)) {
			Channel out = publisher.createChannel();
			out.queueDeclare("slow", false, false, false, null);
			Thread fast = new Thread(() -> publish(out, "slow", total));
			fast.start();
			Channel in = consumer.createChannel();
			in.basicQos(100);
			int[] deepest = new int[1];
			DeliverCallback deliver = (tag, delivery) -> {
				long number = total - received.getCount();
				if (number % 500 == 0) {
					deepest[0] = Math.max(deepest[0], in.queueDeclarePassive("slow").getMessageCount());
				}
				in.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
				received.countDown();
			};
			in.basicConsume("slow", deliver, (tag) -> {
			});
			assertThat(received.await(30, TimeUnit.SECONDS)).isTrue();
			fast.join(1000);
			assertThat(deepest[0]).isLessThan(2500);
		}
	}

	@Test
	void publishWhenManyConnectionsPublishShouldStillServeTheConsumer() throws Exception {
		this.broker.start();
		int publishers = 12;
		int each = 3000;
		CountDownLatch received = new CountDownLatch(publishers * each);
		List<Connection> connections = new ArrayList<>();
		try (Connection consumer = TestBroker.connect(this.broker)) {
			Channel in = consumer.createChannel();
			in.queueDeclare("busy", false, false, false, null);
			in.basicQos(100);
			in.basicConsume("busy", (tag, delivery) -> {
				in.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
				received.countDown();
			}, (tag) -> {
			});
			for (int i = 0; i < publishers; i++) {
				Connection connection = TestBroker.connect(this.broker);
				connections.add(connection);
				Channel out = connection.createChannel();
				new Thread(() -> publish(out, "busy", each)).start();
			}
			assertThat(received.await(30, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			connections.forEach(Connection::abort);
		}
	}

	@Test
	void stopShouldEndItsThreads() throws Exception {
		// Brokers of other tests may run in this JVM.
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.broker.start();
		try (Connection connection = TestBroker.connect(this.broker); Channel channel = connection.createChannel()) {
			channel.queueDeclare("hello", false, false, false, null);
			publish(channel, "hello", 10);
			Awaitility.await().until(() -> channel.queueDeclarePassive("hello").getMessageCount() == 10);
		}
		this.broker.stop();
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> !before.contains(thread))
				.extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("publishers") || name.startsWith("Selector-")
						|| name.startsWith("IO-")));
	}

	@Test
	void declareWhenArgumentIsUnknownShouldDeclare() throws Exception {
		this.broker.start();
		try (Connection connection = TestBroker.connect(this.broker); Channel channel = connection.createChannel()) {
			channel.queueDeclare("hello", true, false, false, Map.of("x-queue-type", "quorum"));
			assertThat(channel.queueDeclarePassive("hello").getMessageCount()).isZero();
		}
	}

	@Test
	void ringWhenFullShouldKeepTheNewest() throws Exception {
		this.broker.start();
		try (Connection connection = TestBroker.connect(this.broker); Channel channel = connection.createChannel()) {
			channel.queueDeclare("ring", false, false, false,
					Map.of("qpid.policy_type", "ring", "qpid.max_count", 10, "qpid.max_size", 1000));
			channel.confirmSelect();
			for (int i = 0; i < 100; i++) {
				channel.basicPublish("", "ring", true, null, new byte[] { (byte) i });
			}
			assertThat(channel.waitForConfirms(5000)).isTrue();
			assertThat(channel.queueDeclarePassive("ring").getMessageCount()).isEqualTo(10);
			assertThat(channel.basicGet("ring", true).getBody()).containsExactly(90);
		}
	}

	private static void publish(Channel channel, String queue, int count) {
		try {
			for (int i = 0; i < count; i++) {
				channel.basicPublish("", queue, null, new byte[100]);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
