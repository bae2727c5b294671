package dev.hellostream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
import dev.hellostream.testing.Seed;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances on a RabbitMQ stream that keeps very little. Entries are removed before
 * all subscribers have seen them, and a subscriber that misses any receives a gap, with
 * the last entry that it saw and the entry that follows. A separate reader of the
 * RabbitMQ stream records all entries.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(400)
class RetentionIT {

	private static final String LAST = "last";

	private static final String FILLING = "x".repeat(150);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final BrokerAddress broker = RabbitNode.shared().freshVirtualHost();

	/** The lowest offset of each message: it can be stored again, and is then hidden. */
	private final Map<String, Long> messages = new ConcurrentHashMap<>();

	private final AtomicInteger published = new AtomicInteger();

	private final CountDownLatch lastRead = new CountDownLatch(1);

	private Connection connection;

	private ApplicationProcess one;

	private ApplicationProcess other;

	@BeforeEach
	void start() throws Exception {
		this.one = startInstance();
		this.other = startInstance();
		this.connection = this.broker.connect();
		readBeside();
	}

	@AfterEach
	void stop() throws Exception {
		this.threads.shutdownNow();
		this.connection.close();
		this.one.close();
		this.other.close();
	}

	@Test
	void subscriberWhoseInstanceWasOvertakenShouldBeToldOfWhatItMissed() throws Exception {
		Watcher watcher = new Watcher();
		CompletableFuture<Boolean> watching = CompletableFuture
			.supplyAsync(() -> watcher.read(this.one, Integer.MAX_VALUE), this.threads);
		publish(100);
		this.one.freeze();
		publish(8_000);
		this.one.thaw();
		publish(LAST);
		assertThat(watching.get(120, TimeUnit.SECONDS)).isTrue();
		assertThat(watcher.gaps).isPositive();
		check(List.of(watcher));
	}

	@Test
	void subscribersThatDropAndResumeAtRandomShouldMissNothingUntold() {
		Seed.forEach(1, (random) -> {
			CountDownLatch end = new CountDownLatch(1);
			List<CompletableFuture<Watcher>> watching = IntStream.range(0, 12)
				.mapToObj((i) -> new Random(random.nextLong()))
				.map((own) -> CompletableFuture.supplyAsync(() -> wander(own, end), this.threads))
				.toList();
			try {
				for (int round = 0; round < 8; round++) {
					ApplicationProcess frozen = random.nextBoolean() ? this.one : this.other;
					publish(1_000 + random.nextInt(2_000));
					frozen.freeze();
					publish(1_000 + random.nextInt(4_000));
					frozen.thaw();
				}
				end.countDown();
				List<Watcher> watchers = new ArrayList<>();
				publish(LAST);
				for (CompletableFuture<Watcher> watcher : watching) {
					watchers.add(watcher.get(120, TimeUnit.SECONDS));
				}
				check(watchers);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private ApplicationProcess startInstance() {
		return ApplicationProcess.start(Stream
			.concat(Stream.of(this.broker.applicationArguments()),
					Stream.of("--hello-stream.log.stream.max-bytes=1MB", "--hello-stream.log.stream.segment-size=100KB",
							"--hello-stream.log.max-entries=300", "--logging.level.dev.hellostream.consume=warn"))
			.toArray(String[]::new));
	}

	/** Read the RabbitMQ stream as any AMQP client does. */
	private void readBeside() throws IOException {
		Channel channel = this.connection.createChannel();
		channel.basicQos(2_000);
		channel.basicConsume("hello.log", false, Map.of("x-stream-offset", "first"), (tag, delivery) -> {
			channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
			note(delivery);
		}, (tag) -> {
		});
	}

	private void note(Delivery delivery) {
		Map<String, Object> headers = delivery.getProperties().getHeaders();
		if (!headers.containsKey("x-hello-stream-mark")) {
			String body = new String(delivery.getBody(), StandardCharsets.UTF_8);
			this.messages.merge(body, (Long) headers.get("x-stream-offset"), Math::min);
			if (body.equals(LAST)) {
				this.lastRead.countDown();
			}
		}
	}

	private void publish(int count) throws Exception {
		try (Connection connection = this.broker.connect(); Channel channel = connection.createChannel()) {
			channel.confirmSelect();
			for (int i = 1; i <= count; i++) {
				channel.basicPublish("", "hello", true, new BasicProperties(),
						(this.published.incrementAndGet() + FILLING).getBytes(StandardCharsets.UTF_8));
				if (i % 100 == 0 || i == count) {
					channel.waitForConfirmsOrDie(30_000);
				}
			}
		}
	}

	/** Publish the last message after all received messages have been appended. */
	private void publish(String last) throws Exception {
		MessagesApi api = new MessagesApi(this.other);
		Awaitility.await()
			.atMost(120, TimeUnit.SECONDS)
			.until(() -> this.one.metric("hello_stream_consume_unacknowledged") == 0
					&& this.other.metric("hello_stream_consume_unacknowledged") == 0);
		assertThat(api.post(last).statusCode()).isEqualTo(202);
		assertThat(this.lastRead.await(120, TimeUnit.SECONDS)).isTrue();
	}

	/** Read some events from a random instance, repeatedly, until the last message. */
	private Watcher wander(Random random, CountDownLatch end) {
		Watcher watcher = new Watcher();
		try {
			boolean last = false;
			while (!last) {
				ApplicationProcess application = random.nextBoolean() ? this.one : this.other;
				last = watcher.read(application, (end.getCount() > 0) ? 1 + random.nextInt(600) : Integer.MAX_VALUE);
				end.await(random.nextInt(1_500), TimeUnit.MILLISECONDS);
			}
			return watcher;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void check(List<Watcher> watchers) {
		TreeSet<Long> offsets = new TreeSet<>(this.messages.values());
		for (Watcher watcher : watchers) {
			assertThat(watcher.faults).isEmpty();
			for (long[] step : watcher.steps) {
				assertThat(offsets.subSet(step[0], false, step[1], false)).as("missing without a gap").isEmpty();
			}
		}
	}

	/**
	 * A subscriber that resumes after the last id that it received.
	 */
	private final class Watcher {

		private final List<String> faults = new ArrayList<>();

		/** Pairs of successive offsets without a gap between them. */
		private final List<long[]> steps = new ArrayList<>();

		private int gaps;

		private final Set<String> bodies = new HashSet<>();

		private @Nullable String lastId;

		private @Nullable JsonNode gap;

		/** Read events, and return whether the last message was among them. */
		private boolean read(ApplicationProcess application, int most) {
			String[] headers = (this.lastId != null) ? new String[] { "Last-Event-ID: " + this.lastId } : new String[0];
			this.gap = null;
			try (EventStream stream = EventStream.open(application.uri("/messages"), headers)) {
				for (int i = 0; i < most; i++) {
					if (take(stream.nextEvent())) {
						return true;
					}
				}
				return false;
			}
			catch (IOException ex) {
				throw new IllegalStateException("after " + this.lastId, ex);
			}
		}

		private boolean take(EventStream.Frame frame) {
			if ("start".equals(frame.event())) {
				if (this.lastId != null && !this.lastId.equals(frame.id())) {
					this.faults.add("asked for %s and began after %s".formatted(this.lastId, frame.id()));
				}
				this.lastId = frame.id();
				return false;
			}
			if ("gap".equals(frame.event())) {
				this.gaps++;
				this.gap = new JsonMapper().readTree(frame.data());
				return false;
			}
			String body = Entry.parse(String.valueOf(frame.data())).body();
			message(String.valueOf(frame.id()), body);
			return body.equals(LAST);
		}

		private void message(String id, String body) {
			RetentionIT.this.messages.merge(body, offset(id), Math::min);
			if (!this.bodies.add(body)) {
				this.faults.add("%s twice, at %s".formatted(body, id));
			}
			if (this.gap == null) {
				this.steps.add(new long[] { offset(this.lastId), offset(id) });
			}
			else if (!this.gap.path("asked").asString().equals(this.lastId)
					|| !this.gap.path("first").asString().equals(id) || offset(id) <= offset(this.lastId) + 2) {
				this.faults.add("%s between %s and %s".formatted(this.gap, this.lastId, id));
			}
			this.gap = null;
			this.lastId = id;
		}

		private static long offset(@Nullable String id) {
			return (id != null) ? Long.parseLong(id.substring(0, id.indexOf('.'))) : -1;
		}

	}

}
