package dev.hellostream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances on one RabbitMQ: one log, the same ids on both, and nothing is lost when
 * one of them is killed.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(300)
class InstancesIT {

	private static final int MESSAGES = 40_000;

	/** The maximum number of messages that one instance has not acknowledged. */
	private static final int PREFETCH = 1000;

	private static final String LAST = "last";

	private static final Logger logger = LoggerFactory.getLogger(InstancesIT.class);

	private static final String QUIET = "--logging.level.dev.hellostream.consume=warn";

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void endThreads() {
		this.threads.shutdownNow();
	}

	@Test
	void instancesThatJoinLeaveAndDieShouldLoseNothingAndRepeatNothingToSubscribers() throws Exception {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (ApplicationProcess survivor = start(broker); ApplicationProcess leaver = start(broker)) {
			CompletableFuture<List<EventStream.Frame>> watching = CompletableFuture
				.supplyAsync(() -> readUntilLast(survivor, new ArrayList<>(), Integer.MAX_VALUE), this.threads);
			CompletableFuture<Void> enough = new CompletableFuture<>();
			CompletableFuture<Integer> publishing = CompletableFuture.supplyAsync(() -> publish(broker, true, enough),
					this.threads);
			CompletableFuture<List<EventStream.Frame>> moving;
			try (ApplicationProcess victim = start(broker)) {
				moving = CompletableFuture.supplyAsync(() -> {
					List<EventStream.Frame> seen = readUntilLast(leaver, new ArrayList<>(), MESSAGES / 4);
					leaver.terminate();
					readUntilLast(victim, seen, MESSAGES / 2);
					victim.killHard();
					enough.complete(null);
					return readUntilLast(survivor, seen, Integer.MAX_VALUE);
				}, this.threads);
				int published = publishing.get(200, TimeUnit.SECONDS);
				assertThat(victim.isAlive()).as("killed in the middle").isFalse();
				awaitEmptyQueue(broker);
				assertThat(new MessagesApi(survivor).post(LAST).statusCode()).isEqualTo(202);
				List<EventStream.Frame> seen = watching.get(90, TimeUnit.SECONDS);
				assertEachOnce(seen, published);
				assertThat(ids(moving.get(90, TimeUnit.SECONDS))).as("by the one that moved").isEqualTo(ids(seen));
				int stored = stored(broker);
				logger.info("{} messages published, {} stored twice", published, stored - published - 1);
				assertThat(stored).as("stored twice").isBetween(published + 1, published + 1 + PREFETCH);
				try (ApplicationProcess late = start(broker)) {
					assertThat(ids(readUntilLast(late, new ArrayList<>(), Integer.MAX_VALUE))).as("by a new instance")
						.isEqualTo(ids(seen));
				}
			}
		}
	}

	@Test
	void instanceThatLeavesShouldLoseAndRepeatNothingEvenWithoutMessageIds() throws Exception {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (ApplicationProcess survivor = start(broker); ApplicationProcess leaver = start(broker)) {
			CompletableFuture<List<EventStream.Frame>> watching = CompletableFuture
				.supplyAsync(() -> readUntilLast(survivor, new ArrayList<>(), Integer.MAX_VALUE), this.threads);
			CompletableFuture<?> leaving = CompletableFuture.runAsync(() -> {
				readUntilLast(leaver, new ArrayList<>(), MESSAGES / 4);
				leaver.terminate();
			}, this.threads);
			int published = publish(broker, false, leaving);
			awaitEmptyQueue(broker);
			assertThat(new MessagesApi(survivor).post(LAST).statusCode()).isEqualTo(202);
			assertEachOnce(watching.get(90, TimeUnit.SECONDS), published);
			assertThat(stored(broker)).as("all were acknowledged before it left").isEqualTo(published + 1);
			assertThat(leaver.output()).doesNotContain(" ERROR ");
		}
	}

	@Test
	void instancesShouldServeEachOthersPositionsAtOnce() throws Exception {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (ApplicationProcess one = start(broker); ApplicationProcess other = start(broker)) {
			MessagesApi here = new MessagesApi(one);
			MessagesApi there = new MessagesApi(other);
			for (int i = 0; i < 50; i++) {
				assertThat(here.post("" + i).statusCode()).isEqualTo(202);
				String before = (i > 0) ? "?after=" + here.page("?limit=1").next() : "";
				assertThat(there.page(before).gap()).isNull();
			}
			Awaitility.await().until(() -> here.all().size() == 50);
			assertThat(there.all()).usingRecursiveComparison().isEqualTo(here.all());
			String ahead = "9999999.c01dcafe";
			long start = System.nanoTime();
			assertThat(there.page("?after=" + ahead).gap()).containsEntry("asked", ahead);
			assertThat(System.nanoTime() - start).as("answered without waiting for what cannot come")
				.isLessThan(TimeUnit.SECONDS.toNanos(4));
		}
	}

	private static ApplicationProcess start(BrokerAddress broker) {
		List<String> arguments = new ArrayList<>(List.of(broker.applicationArguments()));
		arguments.add(QUIET);
		return ApplicationProcess.start(arguments.toArray(String[]::new));
	}

	/**
	 * Publish at least {@link #MESSAGES} numbers, and more until a future completes.
	 * @return the number of messages
	 */
	private static int publish(BrokerAddress broker, boolean withIds, CompletableFuture<?> enough) {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.confirmSelect();
			int count = 0;
			while (count < MESSAGES || !enough.isDone()) {
				byte[] body = String.valueOf(count).getBytes(StandardCharsets.UTF_8);
				BasicProperties properties = new BasicProperties.Builder().messageId(withIds ? "m" + count : null)
					.deliveryMode(2)
					.build();
				channel.basicPublish("", "hello", true, properties, body);
				if (++count % 200 == 0) {
					channel.waitForConfirmsOrDie(30_000);
				}
			}
			channel.waitForConfirmsOrDie(30_000);
			return count;
		}
		catch (IOException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/** The number of messages in the RabbitMQ stream, hidden ones included. */
	private static int stored(BrokerAddress broker) throws Exception {
		BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.basicQos(1000);
			channel.basicConsume("hello.log", false, Map.of("x-stream-offset", "first"),
					(tag, delivery) -> deliveries.add(delivery), (tag) -> {
					});
			int count = 0;
			String body = "";
			while (!body.equals(LAST)) {
				Delivery delivery = deliveries.poll(60, TimeUnit.SECONDS);
				assertThat(delivery).as("what comes after %d messages", count).isNotNull();
				channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
				if (!delivery.getProperties().getHeaders().containsKey("x-hello-stream-mark")) {
					body = new String(delivery.getBody(), StandardCharsets.UTF_8);
					count++;
				}
			}
			return count;
		}
	}

	private static void assertEachOnce(List<EventStream.Frame> seen, int published) {
		Set<String> bodies = new HashSet<>();
		seen.forEach((frame) -> assertThat(bodies.add(body(frame))).as(body(frame)).isTrue());
		assertThat(bodies).hasSize(published + 1);
	}

	private static void awaitEmptyQueue(BrokerAddress broker) throws IOException, TimeoutException {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			Awaitility.await()
				.atMost(60, TimeUnit.SECONDS)
				.until(() -> channel.queueDeclarePassive("hello").getMessageCount() == 0);
		}
	}

	private static List<EventStream.Frame> readUntilLast(ApplicationProcess application, List<EventStream.Frame> seen,
			int most) {
		String[] headers = seen.isEmpty() ? new String[0]
				: new String[] { "Last-Event-ID: " + seen.get(seen.size() - 1).id() };
		try (EventStream stream = EventStream.open(application.uri("/messages?after=first"), headers)) {
			while (seen.size() < most) {
				EventStream.Frame frame = stream.nextEvent();
				assertThat(frame.event()).as("%s after %d", frame.data(), seen.size()).isIn("start", null);
				if (frame.event() == null) {
					seen.add(frame);
					if (body(frame).equals(LAST)) {
						return seen;
					}
				}
			}
			return seen;
		}
		catch (IOException ex) {
			throw new AssertionError("after " + seen.size() + " messages", ex);
		}
	}

	private static String body(EventStream.Frame frame) {
		return Entry.parse(String.valueOf(frame.data())).body();
	}

	private static List<String> ids(List<EventStream.Frame> frames) {
		return frames.stream().map(EventStream.Frame::id).toList();
	}

}
