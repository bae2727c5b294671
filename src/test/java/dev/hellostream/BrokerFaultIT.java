package dev.hellostream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The broker fails while the application runs: every accepted message is seen all the
 * same, and the application recovers without help.
 */
@Tag("slow")
@Timeout(180)
class BrokerFaultIT {

	private static final int POSTERS = 4;

	private static final int POSTS = 300;

	/** Room for a few exceptions, each of which Spring logs in some thirty lines. */
	private static final int MOST_LINES = 300;

	private static final Duration RECOVERY = Duration.ofSeconds(60);

	@Test
	void embeddedWhenQueueIsDeletedShouldComeBack() throws Exception {
		try (ApplicationProcess application = ApplicationProcess.start()) {
			deleteAndExpectRecovery(application, application.broker());
		}
	}

	@Test
	@RequiresTool(Tool.RABBITMQ)
	void rabbitWhenOwnQueueIsDeletedShouldComeBack() throws Exception {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (ApplicationProcess application = ApplicationProcess.start(broker.applicationArguments())) {
			deleteAndExpectRecovery(application, broker);
		}
	}

	@Test
	@RequiresTool(Tool.RABBITMQ)
	void rabbitWhenAdoptedQueueIsDeletedShouldWaitForIt() throws Exception {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDeclare("hello", false, false, false, null);
			try (ApplicationProcess application = ApplicationProcess.start(broker.applicationArguments())) {
				MessagesApi api = new MessagesApi(application);
				assertThat(api.post("before").statusCode()).isEqualTo(202);
				awaitBodies(api, "before");
				channel.queueDelete("hello");
				HttpResponse<String> refused = api.post("lost to nobody");
				assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
				assertThat(refused.headers().firstValue("Retry-After")).isPresent();
				assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
				// Fails if the application has declared the queue in the meantime, with
				// other arguments.
				channel.queueDeclare("hello", false, false, false, Map.of("x-expires", 600_000));
				assertThat(api.post("after").statusCode()).isEqualTo(202);
				awaitBodies(api, "before", "after");
			}
		}
	}

	@Test
	@RequiresTool(Tool.RABBITMQ)
	void rabbitWhenDownAtStartShouldBeWaitedFor() throws Exception {
		try (RabbitNode node = new RabbitNode();
				ApplicationProcess application = ApplicationProcess
					.start(new BrokerAddress(node.port(), "/").applicationArguments())) {
			MessagesApi api = new MessagesApi(application);
			for (String path : List.of("/hello", "/actuator/health/readiness", "/actuator/health/liveness")) {
				assertThat(api.send("GET", path, null, "Accept", "application/json").statusCode()).isEqualTo(200);
			}
			HttpResponse<String> health = api.send("GET", "/actuator/health/broker", null);
			assertThat(health.statusCode()).isEqualTo(503);
			assertThat(health.body()).contains("Connection refused", "hello.log");
			assertThat(health.body()).containsPattern("\"publish\":\\{[^{]*\\{[^}]*The broker cannot be reached");
			assertThat(application.output().lines()).filteredOn((line) -> line.contains("Connection refused"))
				.singleElement()
				.asString()
				.contains("RabbitMQ at 127.0.0.1:%d cannot be reached".formatted(node.port()));
			List<HttpResponse<String>> refusals = List.of(api.post("too early"),
					api.send("GET", "/messages", null, "Accept", "application/json"),
					api.send("GET", "/messages/42.c01dcafe", null, "Accept", "application/json"));
			for (HttpResponse<String> refusal : refusals) {
				assertThat(refusal.statusCode()).as(refusal.body()).isEqualTo(503);
				assertThat(refusal.headers().firstValue("Retry-After")).isPresent();
			}
			assertThat(application.output().lines()).hasSizeLessThan(MOST_LINES);
			CompletableFuture<List<EventStream.Frame>> watching = CompletableFuture
				.supplyAsync(() -> firstTwo(application));
			node.start();
			recovery("accepted").until(() -> post(api, "after", ConcurrentHashMap.newKeySet()));
			List<EventStream.Frame> seen = watching.get(60, TimeUnit.SECONDS);
			assertThat(seen.get(0).event()).isEqualTo("start");
			assertThat(Entry.parse(String.valueOf(seen.get(1).data())).body()).isEqualTo("after");
			assertThat(api.send("GET", "/actuator/health/broker", null).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@RequiresTool(Tool.RABBITMQ)
	void rabbitWhenStreamIsDeletedShouldGoOnWithAnother() throws Exception {
		BrokerAddress broker = RabbitNode.shared().freshVirtualHost();
		try (ApplicationProcess application = ApplicationProcess.start(broker.applicationArguments());
				EventStream stream = EventStream.open(application.uri("/messages"))) {
			MessagesApi api = new MessagesApi(application);
			assertThat(api.post("before").statusCode()).isEqualTo(202);
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			String id = stream.nextEvent().id();
			try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
				channel.queueDelete("hello.log");
			}
			assertThat(api.post("after").statusCode()).isEqualTo(202);
			EventStream.Frame gap = stream.nextEvent();
			assertThat(gap.event()).isEqualTo("gap");
			assertThat(gap.data()).contains(id);
			assertThat(Entry.parse(stream.nextEvent().data()).body()).isEqualTo("after");
		}
	}

	@Test
	@RequiresTool(Tool.RABBITMQ)
	void rabbitWhenKilledUnderLoadShouldLoseNothingAccepted() throws Exception {
		RabbitNode node = RabbitNode.shared();
		AtomicInteger accepted = new AtomicInteger();
		Set<Integer> refusals = ConcurrentHashMap.newKeySet();
		ExecutorService threads = Executors.newFixedThreadPool(POSTERS);
		try (ApplicationProcess application = ApplicationProcess
			.start(node.freshVirtualHost().applicationArguments())) {
			MessagesApi api = new MessagesApi(application);
			List<CompletableFuture<Void>> posters = new ArrayList<>();
			for (int poster = 0; poster < POSTERS; poster++) {
				String prefix = poster + "-";
				posters.add(CompletableFuture.runAsync(() -> {
					for (int i = 0; i < POSTS; i++) {
						String body = prefix + i;
						recovery("accepted " + body).until(() -> post(api, body, refusals));
						accepted.incrementAndGet();
					}
				}, threads));
			}
			Awaitility.await().until(() -> accepted.get() > POSTERS * POSTS / 4);
			node.killHard();
			node.start();
			for (CompletableFuture<Void> poster : posters) {
				poster.get(120, TimeUnit.SECONDS);
			}
			assertThat(refusals).as("the kill was felt").isNotEmpty().isSubsetOf(503, 504);
			List<String> expected = IntStream.range(0, POSTERS)
				.boxed()
				.flatMap((poster) -> IntStream.range(0, POSTS).mapToObj((i) -> poster + "-" + i))
				.toList();
			recovery("seen").untilAsserted(() -> assertThat(bodies(api)).containsAll(expected));
			assertThat(bodies(api)).as("nothing twice").containsExactlyInAnyOrderElementsOf(expected);
		}
		finally {
			threads.shutdownNow();
			node.start();
		}
	}

	/** Open a live stream, which begins when the log can be read, and read two events. */
	private static List<EventStream.Frame> firstTwo(ApplicationProcess application) {
		try (EventStream stream = EventStream.open(application.uri("/messages?after=first"), Duration.ofSeconds(60))) {
			return List.of(stream.nextEvent(), stream.nextEvent());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean post(MessagesApi api, String body, Set<Integer> refusals) throws IOException {
		int status = api.post(body, "Idempotency-Key", body).statusCode();
		if (status != 202) {
			refusals.add(status);
		}
		return status == 202;
	}

	private void deleteAndExpectRecovery(ApplicationProcess application, BrokerAddress broker) throws Exception {
		MessagesApi api = new MessagesApi(application);
		assertThat(api.post("before").statusCode()).isEqualTo(202);
		awaitBodies(api, "before");
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			channel.queueDelete("hello");
		}
		recovery("accepted again").until(() -> post(api, "after", ConcurrentHashMap.newKeySet()));
		awaitBodies(api, "before", "after");
	}

	private void awaitBodies(MessagesApi api, String... expected) {
		recovery("seen").untilAsserted(() -> assertThat(bodies(api)).containsExactly(expected));
	}

	private static ConditionFactory recovery(String alias) {
		return Awaitility.await(alias).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(200)).atMost(RECOVERY);
	}

	private static List<String> bodies(MessagesApi api) {
		try {
			return api.all().stream().map(Entry::body).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
