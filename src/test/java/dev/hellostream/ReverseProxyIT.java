package dev.hellostream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Certificate;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.NginxProxy;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances behind nginx with the configuration of {@code docs/nginx}: the guarantees
 * of the application hold through the proxy.
 */
@RequiresTool({ Tool.NGINX, Tool.RABBITMQ })
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReverseProxyIT {

	/** The read timeout of the proxy, in heartbeats of one second. */
	private static final int READ_TIMEOUT = 3;

	@AutoClose
	private final ApplicationProcess first;

	@AutoClose
	private final ApplicationProcess second;

	private final Certificate certificate = Certificate.create();

	@AutoClose
	private final NginxProxy nginx;

	private final MessagesApi api;

	ReverseProxyIT() {
		List<String> arguments = new ArrayList<>(
				List.of(RabbitNode.shared().freshVirtualHost().applicationArguments()));
		arguments.addAll(List.of("--hello-stream.sse.heartbeat=1s", "--server.forward-headers-strategy=native",
				"--hello-stream.web.allowed-hosts=stream.example.org"));
		this.first = ApplicationProcess.start(arguments.toArray(String[]::new));
		this.second = ApplicationProcess.start(arguments.toArray(String[]::new));
		this.nginx = new NginxProxy(this.first.uri("/").getPort(), this.second.uri("/").getPort(), this.certificate);
		this.api = new MessagesApi(this.nginx.uri("/"));
	}

	@Test
	void streamShouldBringEachMessageAtOnceAndOutliveTheSilence() throws IOException {
		try (EventStream stream = EventStream.open(this.nginx.uri("/messages"))) {
			assertThat(stream.head()).contains("HTTP/1.1 200 OK", "Content-Type: text/event-stream;charset=UTF-8")
				.noneMatch((line) -> line.startsWith("Content-Encoding"));
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			for (int number = 0; number < 20; number++) {
				// Each message is sent after the previous one arrived: none is held back.
				assertThat(this.api.post("at once " + number).statusCode()).isEqualTo(202);
				readTo(stream, "at once " + number);
			}
			for (int heartbeat = 0; heartbeat < READ_TIMEOUT + 2; heartbeat++) {
				assertThat(stream.next().comment()).isNotNull();
			}
			assertThat(this.api.post("after the silence").statusCode()).isEqualTo(202);
			assertThat(body(stream.nextEvent())).isEqualTo("after the silence");
		}
	}

	/** Read to a message. Those of other tests may arrive first. */
	private static void readTo(EventStream stream, String body) throws IOException {
		EventStream.Frame frame = stream.nextEvent();
		while (!body(frame).equals(body)) {
			frame = stream.nextEvent();
		}
	}

	@Test
	void streamShouldComeOverHttp2AndTls() throws Exception {
		HttpClient client = HttpClient.newBuilder().sslContext(this.certificate.trusting()).build();
		HttpRequest request = HttpRequest.newBuilder(this.nginx.secureUri("/messages?after=first"))
			.header("Accept", "text/event-stream")
			.build();
		HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
		try (BufferedReader lines = lines(response.body())) {
			assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(lines.readLine()).startsWith("retry:");
		}
	}

	@Test
	void postShouldPassOrBeRefusedByTheApplication() throws IOException {
		byte[] body = new byte[1024 * 1024];
		assertThat(send(body).statusCode()).isEqualTo(202);
		HttpResponse<String> refused = send(new byte[body.length + 1]);
		assertThat(refused.statusCode()).isEqualTo(413);
		assertThat(refused.body()).contains("hello-stream.publish.max-size");
		assertThat(this.api.send("GET", "/actuator/health", null).statusCode()).isEqualTo(404);
	}

	@Test
	void linesShouldPassWhileTheyAreSent() throws IOException {
		URI uri = this.nginx.uri("/messages");
		try (EventStream stream = EventStream.open(uri); Socket socket = new Socket(uri.getHost(), uri.getPort())) {
			assertThat(stream.nextEvent().event()).isEqualTo("start");
			OutputStream request = socket.getOutputStream();
			String head = """
					POST /messages HTTP/1.1
					Host: localhost
					Connection: close
					Content-Type: application/x-ndjson
					Transfer-Encoding: chunked

					""";
			request.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
			for (int number = 0; number < 3; number++) {
				request.write(chunk("\"line %d\"\n".formatted(number)));
				// Each line arrives before the next is sent: the body is not buffered.
				readTo(stream, "\"line %d\"".formatted(number));
			}
			// More than any buffer of the proxy holds.
			byte[] large = chunk("\"" + "x".repeat(500_000) + "\"\n");
			for (int number = 0; number < 20; number++) {
				request.write(large);
			}
			request.write(chunk(""));
			socket.setSoTimeout(60_000);
			assertThat(lines(socket.getInputStream()).lines()).contains("{\"confirmed\":23}");
		}
	}

	private static byte[] chunk(String text) {
		return "%x\r\n%s\r\n".formatted(text.length(), text).getBytes(StandardCharsets.US_ASCII);
	}

	@Test
	void postShouldNotBeRepeatedByTheProxy() throws Exception {
		List<String> requests = new CopyOnWriteArrayList<>();
		try (ServerSocket dying = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
				NginxProxy before = new NginxProxy(dying.getLocalPort(), dying.getLocalPort(), this.certificate)) {
			CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> dieOfEach(dying, requests));
			MessagesApi instances = new MessagesApi(before.uri("/"));
			assertThat(instances.post("once").statusCode()).isEqualTo(502);
			assertThat(requests).containsExactly("POST /messages HTTP/1.1");
			assertThat(instances.send("GET", "/messages", null).statusCode()).isEqualTo(502);
			assertThat(requests).hasSizeGreaterThan(1);
		}
	}

	private static void dieOfEach(ServerSocket server, List<String> requests) {
		try {
			while (true) {
				try (Socket connection = server.accept()) {
					requests.add(lines(connection.getInputStream()).readLine());
				}
			}
		}
		catch (IOException ex) {
			assertThat(server.isClosed()).isTrue();
		}
	}

	@Test
	void streamWhenItsInstanceEndsShouldGoOnAtTheOther() throws Exception {
		List<String> seen = new ArrayList<>();
		try (ApplicationProcess leaver = this.second) {
			String id = null;
			try (EventStream stream = openAt(leaver)) {
				stream.nextEvent();
				for (int number = 0; number < 10; number++) {
					this.api.post("before " + number);
				}
				while (seen.size() < 10) {
					EventStream.Frame frame = stream.nextEvent();
					id = frame.id();
					seen.add(body(frame));
				}
				leaver.terminate();
				EventStream.Frame last = null;
				for (EventStream.Frame frame = stream.next(); frame != null; frame = stream.next()) {
					last = frame;
				}
				assertThat(last.retry()).isNotNull();
			}
			for (int number = 0; number < 10; number++) {
				assertThat(this.api.post("meanwhile " + number).statusCode()).isEqualTo(202);
			}
			try (EventStream stream = EventStream.open(this.nginx.uri("/messages"), "Last-Event-ID: " + id)) {
				assertThat(stream.nextEvent().id()).isEqualTo(id);
				while (seen.size() < 20) {
					EventStream.Frame frame = stream.nextEvent();
					assertThat(frame.event()).as("no gap").isNull();
					seen.add(body(frame));
				}
			}
		}
		assertThat(seen).doesNotHaveDuplicates();
		assertThat(seen.subList(0, 10)).allMatch((body) -> body.startsWith("before"));
		assertThat(seen.subList(10, 20)).allMatch((body) -> body.startsWith("meanwhile"));
	}

	private EventStream openAt(ApplicationProcess instance) throws IOException {
		Awaitility.await().until(() -> subscribers(this.first) + subscribers(this.second) == 0);
		EventStream stream = EventStream.open(this.nginx.uri("/messages"));
		if (subscribers(instance) == 1) {
			return stream;
		}
		try (stream) {
			EventStream other = EventStream.open(this.nginx.uri("/messages"));
			assertThat(subscribers(instance)).as("each instance has a stream").isEqualTo(1);
			return other;
		}
	}

	private static double subscribers(ApplicationProcess instance) throws IOException {
		return instance.metric("hello_stream_sse_subscribers");
	}

	private HttpResponse<String> send(byte[] body) throws IOException {
		return this.api.send("POST", "/messages", body, "Content-Type", "application/octet-stream");
	}

	private static String body(EventStream.Frame message) {
		return Entry.parse(message.data()).body();
	}

	private static BufferedReader lines(InputStream stream) {
		return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
	}

}
