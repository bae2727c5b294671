package dev.hellostream.messages;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.messages.RawStream.Event;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Live streams on the wire, from a log that the test appends to.
 */
class StreamTests {

	private final JsonMapper json = new JsonMapper();

	private final List<RawStream> streams = new ArrayList<>();

	private ConfigurableApplicationContext application;

	private int port;

	private MessageLog log;

	@AfterEach
	void stop() throws IOException {
		for (RawStream stream : this.streams) {
			stream.close();
		}
		if (this.application != null) {
			this.application.close();
		}
	}

	@Test
	void streamShouldOpenAtOnceWithAStartEventAndTheHeadersThatKeepItLive() throws IOException {
		start();
		RawStream stream = sse("/messages");
		assertThat(stream.status()).isEqualTo("HTTP/1.1 200 OK");
		assertThat(stream.header("content-type")).isEqualToIgnoringCase("text/event-stream;charset=utf-8");
		assertThat(stream.header("cache-control")).isEqualTo("no-cache, no-transform");
		assertThat(stream.header("x-accel-buffering")).isEqualTo("no");
		Event event = stream.event();
		assertThat(event.type()).isEqualTo("start");
		assertThat(Position.parse(event.id())).isPresent();
		assertThat(Integer.parseInt(event.retry())).isBetween(1_000, 3_000);
		assertThat(this.json.readTree(event.data()).get("after").asString()).isEqualTo(event.id());
	}

	@Test
	void streamShouldNotBeCompressedWhereEverythingElseIs() throws IOException {
		start("--server.compression.enabled=true", "--server.compression.min-response-size=1B",
				"--server.compression.mime-types=text/event-stream,application/json");
		append("a");
		assertThat(stream("/messages", "application/json", "Accept-Encoding: gzip").header("content-encoding"))
			.isEqualTo("gzip");
		RawStream stream = sse("/messages", "Accept-Encoding: gzip");
		assertThat(stream.header("content-encoding")).isNull();
		assertThat(stream.event().type()).isEqualTo("start");
	}

	@Test
	void entriesShouldArriveInOrderOnBothKindsOfStream() throws IOException {
		start();
		RawStream sse = sse("/messages");
		sse.event();
		RawStream ndjson = stream("/messages", "application/x-ndjson");
		assertThat(ndjson.line()).startsWith("{\"start\":{\"after\":\"");
		for (int i = 0; i < 1_000; i++) {
			append("" + i);
		}
		for (int i = 0; i < 1_000; i++) {
			Event event = sse.message();
			JsonNode entry = this.json.readTree(event.data());
			assertThat(entry.get("body").asString()).isEqualTo("" + i);
			assertThat(entry.get("id").asString()).isEqualTo(event.id());
			assertThat(this.json.readTree(ndjson.line()).get("id").asString()).isEqualTo(event.id());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1", "HTTP/1.0" })
	void streamToAnOldClientShouldBePlain(String version) throws IOException {
		start();
		append("a");
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(10_000);
			String request = "GET /messages?after=first " + version
					+ "\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			append("b");
			StringBuilder received = new StringBuilder();
			readUntil(socket, received, "\"body\":\"b\"");
			assertThat(received.toString()).contains("event: start", "\"body\":\"a\"");
			assertThat(received.toString().contains("transfer-encoding: chunked"))
				.isEqualTo(version.equals("HTTP/1.1"));
		}
	}

	@Test
	void linesOfTextShouldBeForPeople() throws IOException {
		start();
		RawStream text = stream("/messages", "text/plain");
		assertThat(text.header("content-type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
		assertThat(text.line()).matches("-- (entries after .*|new entries)");
		append("Grüße\r\nfrom \u001b[2Jpika");
		assertThat(text.line()).matches(
				"\\d{2}:\\d{2}:\\d{2}\\.\\d{3} \\d+\\.[0-9a-f]{8} hello {2}Grüße\\\\u\\{d}\\\\u\\{a}from \\\\u\\{1b}\\[2Jpika");
		RawStream gap = stream("/messages?after=7.c01dcafe", "text/plain");
		assertThat(gap.line()).startsWith("-- ");
		assertThat(gap.line()).startsWith("-- 7.c01dcafe no longer exists, ");
		assertThat(stream("/messages?after=first", "text/plain").line()).isEqualTo("-- all entries");
	}

	@Test
	void requestAfterTheStreamsOwnShouldNeverBeAnswered() throws IOException {
		start();
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(10_000);
			String stream = "GET /messages HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
			String page = "GET /messages HTTP/1.1\r\nHost: localhost\r\n\r\n";
			// One page in the same packet, and one after the live stream has begun.
			socket.getOutputStream().write((stream + page).getBytes(StandardCharsets.US_ASCII));
			StringBuilder received = new StringBuilder();
			readUntil(socket, received, "event: start");
			socket.getOutputStream().write(page.getBytes(StandardCharsets.US_ASCII));
			append("a");
			readUntil(socket, received, "\"body\":\"a\"");
			append("b");
			readUntil(socket, received, "\"body\":\"b\"");
			assertThat(received.toString().toLowerCase(Locale.ROOT)).containsOnlyOnce("http/1.1 200")
				.contains("connection: close");
		}
	}

	private static void readUntil(Socket socket, StringBuilder received, String text) throws IOException {
		while (received.indexOf(text) < 0) {
			int next = socket.getInputStream().read();
			assertThat(next).isNotNegative();
			received.append((char) next);
		}
	}

	@Test
	void streamOfHttp2ShouldDeliverAndEnd() throws Exception {
		start("--server.http2.enabled=true");
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/messages"))
			.header("Accept", "text/event-stream")
			.build();
		HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
		assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
			List<String> expected = appendAll(500).stream().map("id: "::concat).toList();
			List<String> ids = new ArrayList<>();
			while (ids.size() < 501) {
				String line = lines.readLine();
				if (line.startsWith("id: ")) {
					ids.add(line);
				}
			}
			assertThat(ids.subList(1, 501)).isEqualTo(expected);
			Thread closing = new Thread(this.application::close);
			closing.start();
			assertThat(lines.lines().toList()).anyMatch((line) -> line.startsWith("retry: "));
			closing.join();
		}
	}

	@Test
	void resumeFromAnyEntryShouldBeExactFromTheRingAndFromTheLog() throws IOException {
		start();
		List<String> ids = appendAll(20_000);
		for (int index : new int[] { 0, 1, 5_000, 11_700, 11_807, 11_808, 11_809, 15_000, 19_998, 19_999 }) {
			RawStream byHeader = sse("/messages?after=first", "Last-Event-ID: " + ids.get(index));
			assertThat(byHeader.event().id()).isEqualTo(ids.get(index));
			RawStream byQuery = sse("/messages?after=" + ids.get(index));
			assertThat(byQuery.event().id()).isEqualTo(ids.get(index));
			for (int next = index + 1; next < Math.min(index + 3_000, ids.size()); next++) {
				assertThat(byHeader.event().id()).isEqualTo(ids.get(next));
				assertThat(byQuery.event().id()).isEqualTo(ids.get(next));
			}
			byHeader.close();
			byQuery.close();
		}
	}

	@Test
	void lastIdInTheQueryShouldResumeAsTheHeaderDoesWhichWins() throws IOException {
		start();
		List<String> ids = appendAll(5);
		for (String path : new String[] { "/messages?lastEventId=" + ids.get(2),
				"/messages?after=first&lastEventId=" + ids.get(2) }) {
			RawStream polyfill = sse(path);
			assertThat(polyfill.event().id()).isEqualTo(ids.get(2));
			assertThat(polyfill.event().id()).isEqualTo(ids.get(3));
			RawStream both = sse(path, "Last-Event-ID: " + ids.get(3));
			assertThat(both.event().id()).isEqualTo(ids.get(3));
			assertThat(both.event().id()).isEqualTo(ids.get(4));
		}
		RawStream nonsense = sse("/messages?lastEventId=nonsense");
		assertThat(nonsense.event().type()).isEqualTo("start");
		assertThat(nonsense.event().type()).isEqualTo("gap");
		assertThat(sse("/messages?lastEventId=").event().id()).as("none").isEqualTo(ids.get(4));
	}

	@Test
	void catchUpShouldJoinTheLiveStreamExactlyWhileEntriesArrive() throws Exception {
		start();
		appendAll(12_000);
		List<RawStream> catching = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			catching.add(sse("/messages?after=first"));
		}
		Thread producer = new Thread(() -> IntStream.range(12_000, 30_000).forEach((i) -> append("" + i)));
		producer.start();
		List<Thread> readers = new ArrayList<>();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		for (RawStream stream : catching) {
			Thread reader = new Thread(() -> {
				try {
					for (int i = 0; i < 30_000; i++) {
						assertThat(body(stream.message())).isEqualTo("" + i);
					}
				}
				catch (Throwable ex) {
					failures.add(ex);
				}
			});
			reader.start();
			readers.add(reader);
		}
		for (Thread reader : readers) {
			reader.join();
		}
		producer.join();
		assertThat(failures).isEmpty();
	}

	@Test
	void resumeBehindWhatIsKeptShouldSayGapOnceAndContinue() throws IOException {
		start("--hello-stream.log.max-entries=100");
		List<String> ids = appendAll(20_000);
		RawStream stream = sse("/messages", "Last-Event-ID: " + ids.get(3));
		stream.event();
		Event gap = stream.event();
		assertThat(gap.type()).isEqualTo("gap");
		assertThat(gap.id()).isNull();
		assertThat(this.json.readTree(gap.data()).get("asked").asString()).isEqualTo(ids.get(3));
		assertThat(this.json.readTree(gap.data()).get("first").asString()).isEqualTo(ids.get(19_900));
		for (int i = 19_900; i < 20_000; i++) {
			assertThat(stream.event().id()).isEqualTo(ids.get(i));
		}
		append("live");
		assertThat(body(stream.event())).isEqualTo("live");
	}

	@Test
	void manyThatComeBackAfterARestartShouldAllBeToldOfTheGapAtOnce() throws IOException {
		start();
		append("a");
		List<RawStream> back = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			back.add(sse("/messages", "Last-Event-ID: " + (100_000 + i) + ".c01dcafe"));
		}
		for (RawStream stream : back) {
			stream.timeout(5_000);
			stream.event();
			assertThat(stream.event().type()).isEqualTo("gap");
			assertThat(body(stream.event())).isEqualTo("a");
		}
	}

	@Test
	void slowCatchUpsShouldNotKeepOthersFromTheirs() throws IOException {
		start();
		String large = "x".repeat(2_000);
		for (int i = 0; i < 10_000; i++) {
			append(i + large);
		}
		for (int i = 0; i < 20; i++) {
			RawStream stuck = new RawStream(this.port, 4_096, "/messages?after=first", "text/event-stream");
			this.streams.add(stuck);
		}
		RawStream other = sse("/messages?after=first");
		other.timeout(10_000);
		for (int i = 0; i < 10_000; i++) {
			assertThat(body(other.message())).startsWith(i + "x");
		}
	}

	@Test
	void nonsenseAsLastEventIdShouldBeAGap() throws IOException {
		start();
		append("a");
		for (String id : new String[] { "nonsense", "1", "-1.c01dcafe", "\"}", "99999999999999999999.c01dcafe",
				"first" }) {
			RawStream stream = sse("/messages", "Last-Event-ID: " + id);
			Event opening = stream.event();
			assertThat(opening.type()).as(id).isEqualTo("start");
			assertThat(opening.id()).as(id).isNull();
			Event gap = stream.event();
			assertThat(gap.type()).as(id).isEqualTo("gap");
			assertThat(this.json.readTree(gap.data()).get("asked").asString()).isEqualTo(id);
			assertThat(body(stream.event())).as(id).isEqualTo("a");
		}
	}

	@Test
	void resumeFromTheStartEventOfAnEmptyLogShouldBeExact() throws IOException {
		start();
		String id = sse("/messages").event().id();
		append("a");
		append("b");
		RawStream stream = sse("/messages", "Last-Event-ID: " + id);
		stream.event();
		assertThat(body(stream.event())).isEqualTo("a");
		assertThat(body(stream.event())).isEqualTo("b");
	}

	@Test
	void silentStreamShouldHaveHeartbeats() throws IOException {
		start("--hello-stream.sse.heartbeat=200ms");
		RawStream sse = sse("/messages");
		sse.event();
		RawStream ndjson = stream("/messages", "application/x-ndjson");
		ndjson.line();
		for (int i = 0; i < 3; i++) {
			assertThat(sse.line()).isEqualTo(":");
			assertThat(sse.line()).isEmpty();
			assertThat(ndjson.line()).isEmpty();
		}
		append("a");
		assertThat(body(sse.message())).isEqualTo("a");
	}

	@Test
	void subscriberThatTakesNothingShouldBeClosedAndHoldNobodyUp() throws IOException {
		start("--hello-stream.sse.stall-timeout=2s");
		RawStream stuck = new RawStream(this.port, 4_096, "/messages", "text/event-stream");
		this.streams.add(stuck);
		RawStream live = sse("/messages");
		live.event();
		String large = "x".repeat(100_000);
		for (int i = 0; i < 100; i++) {
			append(i + large);
			assertThat(body(live.message())).startsWith(i + "x");
		}
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> subscribers() == 1);
		assertThat(
				this.application.getBean(MeterRegistry.class).get("hello.stream.sse.stalled").functionCounter().count())
			.isEqualTo(1);
		assertThatThrownBy(() -> {
			for (int i = 0; i < 100; i++) {
				stuck.message();
			}
		}).isInstanceOf(IOException.class);
	}

	@Test
	void slowSubscriberShouldMissNothing() throws IOException {
		start();
		RawStream slow = new RawStream(this.port, 4_096, "/messages", "text/event-stream");
		this.streams.add(slow);
		String large = "x".repeat(10_000);
		for (int i = 0; i < 3_000; i++) {
			append(i + large);
		}
		for (int i = 0; i < 3_000; i++) {
			assertThat(body(slow.message())).startsWith(i + "x");
		}
	}

	@Test
	void subscriberBeyondTheLimitShouldBeToldToComeBack() throws IOException {
		start("--hello-stream.sse.max-subscribers=2");
		sse("/messages").event();
		RawStream second = sse("/messages");
		second.event();
		RawStream third = sse("/messages");
		assertThat(third.status()).isEqualTo("HTTP/1.1 200 OK");
		assertThat(Integer.parseInt(third.event().retry())).isBetween(5_000, 15_000);
		assertThat(third.event()).isNull();
		RawStream ndjson = stream("/messages", "application/x-ndjson");
		assertThat(ndjson.status()).isEqualTo("HTTP/1.1 503 Service Unavailable");
		assertThat(ndjson.header("retry-after")).isNotNull();
		second.close();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> subscribers() == 1);
		assertThat(sse("/messages").event().type()).isEqualTo("start");
	}

	@Test
	void shutdownShouldEndEveryStreamCleanlyAndTellWhenToComeBack() throws Exception {
		start();
		append("a");
		List<RawStream> open = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			RawStream stream = sse("/messages?after=first");
			stream.event();
			assertThat(body(stream.event())).isEqualTo("a");
			open.add(stream);
		}
		long before = System.nanoTime();
		this.application.close();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
		for (RawStream stream : open) {
			assertThat(Integer.parseInt(stream.event().retry())).isBetween(5_000, 15_000);
			assertThat(stream.event()).isNull();
		}
	}

	@Test
	void shutdownShouldEndAStreamThatIsBusyAsSoonAsItHasTakenWhatIsUnderWay() throws Exception {
		start();
		RawStream busy = new RawStream(this.port, 4_096, "/messages", "text/event-stream");
		this.streams.add(busy);
		busy.event();
		String large = "x".repeat(100_000);
		IntStream.range(0, 60).forEach((i) -> append(i + large));
		Thread closing = new Thread(this.application::close);
		closing.start();
		String retry = null;
		for (Event event = busy.event(); event != null; event = busy.event()) {
			retry = event.retry();
		}
		closing.join();
		assertThat(Integer.parseInt(retry)).isBetween(5_000, 15_000);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void placeOfAClientWhoseKernelTakesNothingShouldBecomeFree() throws IOException {
		start("--hello-stream.sse.stall-timeout=2s");
		this.streams.add(new RawStream(this.port, 4_096, "/messages", "text/event-stream"));
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> subscribers() == 1);
		// More than the client's receive buffer holds, and less than the send buffer.
		for (int i = 0; i < 100; i++) {
			append("x".repeat(1_000));
		}
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> subscribers() == 0);
		assertThat(
				this.application.getBean(MeterRegistry.class).get("hello.stream.sse.stalled").functionCounter().count())
			.as("seen by the cursor")
			.isZero();
	}

	@Test
	void subscribersThatComeAndGoShouldLeaveNothingBehind() throws Exception {
		start();
		for (int i = 0; i < 500; i++) {
			RawStream stream = sse((i % 2 == 0) ? "/messages" : "/messages?after=first");
			append("" + i);
			if (i % 3 == 0) {
				stream.event();
			}
			stream.close();
		}
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> subscribers() == 0);
		// The permits to read the log are free again as well.
		appendAll(10_000);
		RawStream last = sse("/messages?after=first");
		for (int i = 0; i < 500 + 10_000; i++) {
			last.message();
		}
	}

	@Test
	void subscribersThatDropAndResumeShouldSeeEveryEntryOnce() throws Exception {
		start();
		int total = 20_000;
		Thread producer = new Thread(() -> IntStream.range(0, total).forEach((i) -> append("" + i)));
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		List<Thread> readers = new ArrayList<>();
		String beginning = sse("/messages").event().id();
		for (int r = 0; r < 10; r++) {
			Thread reader = new Thread(() -> {
				try {
					readDroppingAndResuming(beginning, total);
				}
				catch (Throwable ex) {
					failures.add(ex);
				}
			});
			reader.start();
			readers.add(reader);
		}
		producer.start();
		for (Thread reader : readers) {
			reader.join();
		}
		producer.join();
		assertThat(failures).isEmpty();
	}

	private void readDroppingAndResuming(String beginning, int total) throws IOException {
		String last = beginning;
		int expected = 0;
		while (expected < total) {
			int drop = ThreadLocalRandom.current().nextInt(1, 4_000);
			try (RawStream stream = RawStream.sse(this.port, "/messages", "Last-Event-ID: " + last)) {
				for (int i = 0; i < drop && expected < total; i++) {
					Event message = stream.message();
					assertThat(body(message)).isEqualTo("" + expected++);
					last = message.id();
				}
			}
		}
	}

	@Test
	void headShouldAnswerWithoutAStream() throws IOException {
		start();
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(5_000);
			socket.getOutputStream()
				.write("HEAD /messages HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
		}
		assertThat(subscribers()).isZero();
	}

	@Test
	void streamShouldStayOpenWhileNothingHappens() throws IOException {
		start();
		RawStream stream = sse("/messages");
		stream.event();
		stream.timeout(1_500);
		assertThatThrownBy(stream::event).isInstanceOf(SocketTimeoutException.class)
			.isNotInstanceOf(EOFException.class);
	}

	private void start(String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--server.port=0");
		this.application = new SpringApplicationBuilder(StreamApplication.class).web(WebApplicationType.REACTIVE)
			.run(all.toArray(String[]::new));
		this.port = this.application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		this.log = this.application.getBean(MessageLog.class);
	}

	private RawStream sse(String path, String... headers) throws IOException {
		RawStream stream = RawStream.sse(this.port, path, headers);
		this.streams.add(stream);
		return stream;
	}

	private RawStream stream(String path, String accept, String... headers) throws IOException {
		RawStream stream = new RawStream(this.port, path, accept, headers);
		this.streams.add(stream);
		return stream;
	}

	private List<String> appendAll(int count) {
		return IntStream.range(0, count).mapToObj((i) -> append("" + i)).toList();
	}

	private String append(String body) {
		ReceivedMessage message = new ReceivedMessage(Instant.ofEpochMilli(System.currentTimeMillis()), null, null,
				false, null, "text/plain", "hello", Map.of(), body.getBytes(StandardCharsets.UTF_8));
		return this.log.append(message).block(Duration.ofSeconds(5)).toString();
	}

	private String body(Event event) {
		return this.json.readTree(event.data()).get("body").asString();
	}

	private double subscribers() {
		return this.application.getBean(MeterRegistry.class)
			.get("hello.stream.sse.subscribers")
			.gauges()
			.stream()
			.mapToDouble(Gauge::value)
			.sum();
	}

	/**
	 * The reading half of the application, without a broker.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration(exclude = RabbitAutoConfiguration.class)
	@ConfigurationPropertiesScan({ "dev.hellostream.live", "dev.hellostream.log", "dev.hellostream.messages",
			"dev.hellostream.web" })
	@ComponentScan(basePackages = { "dev.hellostream.live", "dev.hellostream.log", "dev.hellostream.messages",
			"dev.hellostream.web" })
	static class StreamApplication {

	}

}
