package dev.hellostream;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.Jvm;
import dev.hellostream.testing.MessagesApi;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients connect and disconnect at any moment while messages arrive, and leave nothing
 * behind.
 */
@Tag("slow")
@Timeout(240)
class ConnectAndAbortIT {

	private static final String[] LEFT_BEHIND = { "dev.hellostream.live.Cursor", "dev.hellostream.live.ChunkWriter",
			"dev.hellostream.live.NettyOutlet", "dev.hellostream.live.CatchUp" };

	private static final int CYCLES = 10_000;

	private static final int CLIENTS = 4;

	private static final int LOG_ENTRIES = 2_000;

	private static final long MEGABYTE = 1024 * 1024;

	@Test
	void connectAndAbortWhenMessagesFlowShouldLeaveNothingBehind() throws Exception {
		try (ApplicationProcess application = ApplicationProcess.start("-Xmx192m", "-XX:+ExitOnOutOfMemoryError",
				"-Dio.netty.leakDetection.level=paranoid", "--hello-stream.log.max-entries=" + LOG_ENTRIES,
				"--logging.level.dev.hellostream.consume=warn")) {
			MessagesApi api = new MessagesApi(application);
			AtomicBoolean done = new AtomicBoolean();
			ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
			try {
				Future<Integer> publishing = threads.submit(() -> publish(api, done));
				// The log has to be full before memory is compared.
				Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> newest(api) > LOG_ENTRIES);
				abort(threads, application.uri("/messages"), CYCLES / 5);
				long before = liveHeap(application);
				abort(threads, application.uri("/messages"), CYCLES - CYCLES / 5);
				long after = liveHeap(application);
				done.set(true);
				assertThat(publishing.get()).as("messages published meanwhile").isGreaterThan(2_000);
				assertThat(after - before).as("growth of the live heap").isLessThan(4 * MEGABYTE);
			}
			finally {
				done.set(true);
				threads.shutdownNow();
			}
			assertThat(Jvm.liveInstances(application.pid())).containsKey("dev.hellostream.live.LiveStreams")
				.doesNotContainKeys(LEFT_BEHIND);
			// Netty reports a leak at an allocation after the leaked buffer was
			// collected.
			for (int i = 0; i < 5; i++) {
				Jvm.collect(application.pid());
				api.publishLines("\"one more\"\n".repeat(50));
			}
			assertThat(application.output()).doesNotContain("LEAK").doesNotContain(" ERROR ");
		}
	}

	private long newest(MessagesApi api) throws IOException {
		String next = api.page("").next();
		return Long.parseLong(next.substring(0, next.indexOf('.')));
	}

	private int publish(MessagesApi api, AtomicBoolean done) throws IOException {
		String lines = "\"%s\"\n".formatted("x".repeat(200)).repeat(50);
		int published = 0;
		while (!done.get()) {
			api.publishLines(lines);
			published += 50;
		}
		return published;
	}

	private void abort(ExecutorService threads, URI uri, int cycles) throws Exception {
		List<Future<?>> clients = new ArrayList<>();
		for (int client = 0; client < CLIENTS; client++) {
			int first = client;
			clients.add(threads.submit(() -> {
				for (int cycle = first; cycle < cycles; cycle += CLIENTS) {
					abort(uri, cycle);
				}
				return null;
			}));
		}
		for (Future<?> client : clients) {
			client.get();
		}
	}

	private void abort(URI uri, int cycle) throws IOException {
		try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
			String query = (cycle % 3 == 0) ? "?after=first" : "";
			String request = "GET /messages" + query
					+ " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			// The client leaves at any moment, from at once to the middle of the stream.
			int bytes = (cycle % 7) * (cycle % 11) * 100;
			socket.getInputStream().readNBytes(Math.min(bytes, 4_000));
			// By a reset, or by a close that leaves received bytes unread.
			socket.setSoLinger(cycle % 2 == 0, 0);
		}
	}

	private long liveHeap(ApplicationProcess application) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> application.metric("hello_stream_sse_subscribers") == 0);
		Jvm.collect(application.pid());
		return Jvm.liveHeapBytes(application.pid());
	}

}
