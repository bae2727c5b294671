package dev.hellostream;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application works with the least and with the greatest durations and sizes that it
 * accepts.
 */
@Timeout(180)
class SettingBoundsIT {

	private static final int LARGEST = 50 * 1024 * 1024;

	private static final List<String> LEAST = List.of("--hello-stream.publish.confirm-timeout=1s",
			"--hello-stream.publish.read-timeout=1s", "--hello-stream.publish.max-lines=1",
			"--hello-stream.publish.max-size=1B", "--hello-stream.sse.heartbeat=100ms",
			"--hello-stream.sse.stall-timeout=100ms", "--hello-stream.web.header-timeout=100ms",
			"--hello-stream.web.response-timeout=100ms", "--hello-stream.log.max-bytes=1B",
			"--hello-stream.log.stream.max-age=1s", "--hello-stream.log.stream.max-bytes=100KB",
			"--hello-stream.log.stream.segment-size=100KB");

	private static final List<String> GREATEST = List.of("-Xmx2g", "--hello-stream.hello.timeout=1d",
			"--hello-stream.publish.confirm-timeout=1d", "--hello-stream.publish.read-timeout=1d",
			"--hello-stream.publish.max-lines=10000", "--hello-stream.publish.max-size=50MB",
			"--hello-stream.sse.heartbeat=1d", "--hello-stream.sse.stall-timeout=1d",
			"--hello-stream.web.header-timeout=1d", "--hello-stream.web.response-timeout=1d",
			"--hello-stream.log.max-bytes=1023GB", "--hello-stream.log.stream.max-age=3650d",
			"--hello-stream.log.stream.max-bytes=1023TB", "--hello-stream.log.stream.segment-size=2GB");

	@Test
	void publishWithTheLeastShouldBeSeen() throws IOException {
		least(List.of());
	}

	@Test
	@RequiresTool(Tool.RABBITMQ)
	void publishWithTheLeastOnRabbitMqShouldBeSeen() throws IOException {
		least(List.of(RabbitNode.shared().freshVirtualHost().applicationArguments()));
	}

	@Test
	void publishWithTheGreatestShouldBeSeen() throws IOException {
		greatest(List.of());
	}

	@Test
	@RequiresTool(Tool.RABBITMQ)
	void publishWithTheGreatestOnRabbitMqShouldBeSeen() throws IOException {
		greatest(List.of(RabbitNode.shared().freshVirtualHost().applicationArguments()));
	}

	private static void least(List<String> broker) throws IOException {
		try (ApplicationProcess application = start(broker, LEAST);
				EventStream stream = EventStream.open(application.uri("/messages"))) {
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			MessagesApi api = new MessagesApi(application);
			for (String body : List.of("1", "2", "3")) {
				assertThat(api.post(body).statusCode()).isEqualTo(202);
				assertThat(Entry.parse(stream.nextEvent().data()).body()).isEqualTo(body);
			}
			// One at a time: a log of one byte keeps one entry.
			for (String line : List.of("4", "5")) {
				api.publishLines(line + "\n");
				assertThat(Entry.parse(stream.nextEvent().data()).body()).isEqualTo(line);
			}
			assertThat(api.post("66").statusCode()).isEqualTo(413);
		}
	}

	private static void greatest(List<String> broker) throws IOException {
		try (ApplicationProcess application = start(broker, GREATEST);
				EventStream stream = EventStream.open(application.uri("/messages"))) {
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			MessagesApi api = new MessagesApi(application);
			byte[] largest = new byte[LARGEST];
			Arrays.fill(largest, (byte) 0xff);
			HttpResponse<String> answer = api.send("POST", "/messages", largest, "Content-Type",
					"application/octet-stream");
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
			Map<?, ?> receipt = new JsonMapper().readValue(answer.body(), Map.class);
			Entry entry = Entry.parse(stream.nextEvent().data());
			assertThat(entry.messageId()).isEqualTo(receipt.get("messageId"));
			assertThat(Arrays.equals(entry.bytes(), largest)).isTrue();
			api.publishLines("1\n2\n");
			assertThat(Entry.parse(stream.nextEvent().data()).body()).isEqualTo("1");
			assertThat(api.send("GET", "/hello", null).statusCode()).isEqualTo(200);
		}
	}

	private static ApplicationProcess start(List<String> broker, List<String> settings) {
		List<String> arguments = new ArrayList<>(broker);
		arguments.addAll(settings);
		return ApplicationProcess.start(arguments.toArray(String[]::new));
	}

}
