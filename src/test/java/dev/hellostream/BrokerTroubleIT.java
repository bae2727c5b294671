package dev.hellostream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An operator or the network disturbs a broker that keeps running, while a subscriber
 * watches and a client posts: the subscriber stays connected and sees every message once,
 * the client is told which messages were not accepted, and the application neither needs
 * help nor fills its process log.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(180)
class BrokerTroubleIT {

	/** Room for a few exceptions, each of which Spring logs in some thirty lines. */
	private static final int MOST_LINES = 300;

	private static final int BEFORE = 20;

	private static final int AFTER = 20;

	private static RabbitNode node;

	private static BrokerAddress broker;

	private static ApplicationProcess application;

	private final MessagesApi api = new MessagesApi(application);

	private final AtomicInteger posted = new AtomicInteger();

	private long linesBefore;

	/** The position of the last entry before the messages that are watched. */
	private String after;

	@BeforeAll
	static void start() {
		node = RabbitNode.shared();
		broker = node.freshVirtualHost();
		List<String> arguments = new ArrayList<>(List.of(broker.applicationArguments()));
		// The lines that are counted do not include one for each message.
		arguments.add("--logging.level.dev.hellostream.consume=warn");
		arguments.add("--spring.rabbitmq.requested-heartbeat=2s");
		application = ApplicationProcess.start(arguments.toArray(String[]::new));
	}

	@AfterAll
	static void end() {
		application.close();
	}

	@BeforeEach
	void awaitWorkingApplication() {
		recovery("works").until(() -> this.api.post("before").statusCode() == 202);
		this.linesBefore = application.output().lines().count();
	}

	@Test
	void connectionsWhenClosedByTheOperatorShouldComeBack() throws Exception {
		watchWhile(() -> {
			for (int i = 0; i < 2; i++) {
				assertThat(closeConnections()).doesNotContain("Closed 0");
				awaitPosted(AFTER);
				awaitSeen();
			}
		});
	}

	@Test
	void credentialsWhenRevokedAndGivenBackShouldBeWaitedFor() throws Exception {
		watchWhile(() -> {
			node.ctl("change_password", "guest", "another");
			try {
				closeConnections();
				recovery("health").until(() -> brokerHealth().contains("ACCESS_REFUSED"));
				assertThat(this.api.post("not taken").statusCode()).isEqualTo(503);
				assertThat(brokerHealth()).containsPattern("\"publish\":\\{[^{]*\\{[^}]*ACCESS_REFUSED");
				assertServes();
			}
			finally {
				node.ctl("change_password", "guest", "guest");
			}
		});
	}

	@Test
	void rightToPublishWhenRevokedShouldBeTheReason() throws Exception {
		node.ctl("set_permissions", "--vhost", broker.virtualHost(), "guest", ".*", "", ".*");
		try {
			closeConnections();
			recovery("refused").until(() -> this.api.post("refused").body().contains("403 ACCESS_REFUSED"));
			HttpResponse<String> refused = this.api.post("refused again");
			assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
			assertThat(refused.body())
				.contains("The broker refused the message (403 ACCESS_REFUSED, for lack of write permission on "
						+ "exchange 'amq.default').")
				.doesNotContain("guest");
			assertThat(application.output().lines().skip(this.linesBefore))
				.filteredOn((line) -> line.contains("The broker refuses publications: 403 ACCESS_REFUSED"))
				.hasSize(1);
		}
		finally {
			node.ctl("set_permissions", "--vhost", broker.virtualHost(), "guest", ".*", ".*", ".*");
		}
	}

	@Test
	void nodeWhenFrozenShouldBeLeftAndTakenAgain() throws Exception {
		watchWhile(() -> {
			node.freeze();
			try {
				// A message now stays unconfirmed until the connection is abandoned.
				assertThat(this.api.post("unknown").statusCode()).isIn(503, 504);
				recovery("health").until(() -> brokerHealth().contains("The broker cannot be reached"));
				assertServes();
			}
			finally {
				node.thaw();
			}
		});
	}

	@Test
	void alarmShouldRefusePostsAtOnceAndSlowDownRunningRequests() throws Exception {
		String id = this.api.page("?limit=1").next();
		HttpURLConnection running = (HttpURLConnection) application.uri("/messages").toURL().openConnection();
		running.setRequestProperty("Content-Type", "application/x-ndjson");
		running.setDoOutput(true);
		running.setChunkedStreamingMode(1024);
		try (OutputStream lines = running.getOutputStream()) {
			write(lines, 0, 100);
			recovery("begun").until(() -> !this.api.page("?after=" + id).entries().isEmpty());
			node.ctl("set_vm_memory_high_watermark", "0.00001");
			try {
				write(lines, 100, 1000);
				recovery("refused").until(() -> this.api.post("refused or unknown").statusCode() == 503);
				long start = System.nanoTime();
				HttpResponse<String> refused = this.api.post("refused");
				HttpResponse<String> refusedLines = this.api.send("POST", "/messages",
						"1\n".getBytes(StandardCharsets.UTF_8), "Content-Type", "application/x-ndjson");
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
				for (HttpResponse<String> response : List.of(refused, refusedLines)) {
					assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
					assertThat(response.headers().firstValue("Retry-After")).isPresent();
				}
				// Longer than the time limit of a confirm.
				Awaitility.await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
				assertThat(brokerHealth()).contains("The broker accepts no messages at present (low on memory).");
				assertThat(application.metric("hello_stream_publish_blocked")).isEqualTo(1);
				assertServes();
			}
			finally {
				node.ctl("set_vm_memory_high_watermark", "absolute", "1GB");
			}
			write(lines, 1000, 1500);
		}
		try (InputStream receipts = running.getInputStream()) {
			assertThat(new String(receipts.readAllBytes(), StandardCharsets.UTF_8).lines()
				.reduce("", (first, second) -> second)).isEqualTo("{\"confirmed\":1500}");
		}
		recovery("seen").until(() -> bodiesAfter(id).contains("1499"));
		assertThat(application.output()).contains("The broker accepts messages again");
		assertThat(bodiesAfter(id)).filteredOn((each) -> each.matches("\\d+"))
			.containsExactlyElementsOf(IntStream.range(0, 1500).mapToObj(String::valueOf).toList());
		assertFewLines();
	}

	private void watchWhile(Trouble trouble) throws Exception {
		this.after = this.api.page("?limit=1").next();
		try (EventStream stream = EventStream.open(application.uri("/messages?after=" + this.after))) {
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			int first = this.posted.get();
			CompletableFuture<Void> stop = new CompletableFuture<>();
			CompletableFuture<Void> posting = CompletableFuture.runAsync(() -> postUntil(stop));
			try {
				awaitPosted(BEFORE);
				trouble.happen();
				awaitPosted(AFTER);
			}
			finally {
				stop.complete(null);
				posting.get(60, TimeUnit.SECONDS);
			}
			int next = first;
			while (next < this.posted.get()) {
				EventStream.Frame frame = stream.nextEvent();
				assertThat(frame.event()).as(frame.data()).isNull();
				String body = Entry.parse(String.valueOf(frame.data())).body();
				if (body.matches("\\d+")) {
					assertThat(body).isEqualTo(String.valueOf(next++));
				}
			}
		}
		assertFewLines();
	}

	private void postUntil(CompletableFuture<Void> stop) {
		while (!stop.isDone()) {
			String body = String.valueOf(this.posted.get());
			String key = this + body;
			recovery("accepted").until(() -> this.api.post(body, "Idempotency-Key", key).statusCode() == 202);
			this.posted.incrementAndGet();
		}
	}

	private void awaitPosted(int count) {
		int before = this.posted.get();
		recovery("posted").until(() -> this.posted.get() >= before + count);
	}

	/**
	 * Wait until the last message is seen. When messages return to a quorum queue for the
	 * second time, they are placed behind the others that returned: a second loss before
	 * those are consumed would change the order.
	 */
	private void awaitSeen() {
		String last = String.valueOf(this.posted.get() - 1);
		recovery("seen").until(() -> bodiesAfter(this.after).contains(last));
	}

	private static String closeConnections() {
		return node.ctl("close_all_connections", "--vhost", broker.virtualHost(), "test");
	}

	/** Check the responses that do not need the broker. */
	private void assertServes() throws IOException {
		assertThat(get("/hello").statusCode()).isEqualTo(200);
		assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
		assertThat(this.api.page("?limit=10").entries()).isNotEmpty();
	}

	/** Return the problem that the broker's health reports, or an empty string. */
	private String brokerHealth() throws IOException {
		HttpResponse<String> health = get("/actuator/health/broker");
		return (health.statusCode() == 503) ? health.body() : "";
	}

	private HttpResponse<String> get(String path) throws IOException {
		return this.api.send("GET", path, null, "Accept", "application/json");
	}

	private void assertFewLines() {
		assertThat(application.output().lines().skip(this.linesBefore)).hasSizeLessThan(MOST_LINES);
	}

	private static void write(OutputStream lines, int from, int to) throws IOException {
		for (int i = from; i < to; i++) {
			lines.write((i + "\n").getBytes(StandardCharsets.UTF_8));
		}
		lines.flush();
	}

	private List<String> bodiesAfter(String id) throws IOException {
		List<String> bodies = new ArrayList<>();
		String after = id;
		for (MessagesApi.Page page = this.api.page("?limit=1000&after=" + after); !page.entries()
			.isEmpty(); page = this.api.page("?limit=1000&after=" + after)) {
			page.entries().forEach((entry) -> bodies.add(entry.body()));
			after = page.next();
		}
		return bodies;
	}

	private static ConditionFactory recovery(String alias) {
		return Awaitility.await(alias)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(20))
			.atMost(Duration.ofSeconds(60));
	}

	private interface Trouble {

		void happen() throws Exception;

	}

}
