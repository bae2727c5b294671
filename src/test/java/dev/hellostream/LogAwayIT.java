package dev.hellostream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RawConnection;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Live streams that are opened before the shared log can be read.
 */
@Tag("slow")
@RequiresTool(Tool.RABBITMQ)
@Timeout(180)
class LogAwayIT {

	private static final Duration SOON = Duration.ofSeconds(10);

	@AutoClose
	private final RabbitNode node = new RabbitNode();

	@AutoClose
	private final ApplicationProcess application = start(new BrokerAddress(this.node.port(), "/"));

	private final MessagesApi api = new MessagesApi(this.application);

	@Test
	void streamShouldBeginAtOnceAndGoOnOnceTheLogIsThere() throws Exception {
		try (EventStream events = EventStream.open(this.application.uri("/messages"), SOON);
				EventStream all = EventStream.open(this.application.uri("/messages?after=first"), SOON);
				RawConnection old = new RawConnection(this.application.uri("/"));
				BufferedReader text = open(HttpClient.Version.HTTP_1_1, "text/plain");
				BufferedReader lines = open(HttpClient.Version.HTTP_2, "application/x-ndjson")) {
			assertThat(events.head().get(0)).isEqualTo("HTTP/1.1 200 OK");
			assertThat(events.next().comment()).as("at once").isNotNull();
			assertThat(events.next().comment()).as("a heartbeat").isNotNull();
			old.send("GET /messages HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
			old.awaitResponseOrEnd(SOON);
			assertThat(old.received()).contains(" 200 OK", "text/event-stream");
			try (EventStream sixth = EventStream.open(this.application.uri("/messages"), SOON)) {
				assertThat(sixth.next().retry()).isNotNull();
				assertThat(sixth.next()).as("after the end").isNull();
			}
			assertThat(this.api.send("GET", "/messages", null).statusCode()).isEqualTo(503);
			this.node.start();
			assertThat(events.nextEvent().id()).isNotNull();
			assertThat(all.nextEvent().event()).isEqualTo("start");
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.api.post("Hello").statusCode() == 202);
			assertThat(events.nextEvent().data()).contains("\"body\":\"Hello\"");
			assertThat(all.nextEvent().data()).contains("\"body\":\"Hello\"");
			assertThat(afterHeartbeats(text)).matches("-- entries after .*");
			assertThat(afterHeartbeats(text)).endsWith("Hello");
			assertThat(afterHeartbeats(lines)).startsWith("{\"start\":{\"after\":");
			assertThat(afterHeartbeats(lines)).contains("\"body\":\"Hello\"");
		}
	}

	private static ApplicationProcess start(BrokerAddress broker) {
		String[] arguments = broker.applicationArguments();
		return ApplicationProcess.start(arguments[0], arguments[1], "--hello-stream.sse.heartbeat=500ms",
				"--hello-stream.sse.max-subscribers=5", "--server.http2.enabled=true");
	}

	private static String afterHeartbeats(BufferedReader stream) {
		return stream.lines().dropWhile(String::isEmpty).findFirst().orElseThrow();
	}

	/** Open a live stream, and wait for the head of the response. */
	private BufferedReader open(HttpClient.Version version, String type) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(this.application.uri("/messages"))
			.version(version)
			.timeout(SOON)
			.header("Accept", type)
			.build();
		HttpResponse<InputStream> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.version()).isEqualTo(version);
		return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
	}

}
