package dev.hellostream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.EventStream.Frame;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thousands of clients reconnect at once, each a little behind, as after the restart of a
 * proxy.
 */
@Tag("slow")
@Timeout(180)
class ReconnectStormIT {

	private static final int CLIENTS = 5_000;

	private static final int BEHIND = 100;

	private static final int AT_A_TIME = 8;

	@Test
	void reconnectWhenThousandsAreSlightlyBehindShouldServeThemFromTheRing() throws Exception {
		List<EventStream> streams = new ArrayList<>();
		ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
		try (ApplicationProcess application = ApplicationProcess
			.start("--logging.level.dev.hellostream.consume=warn")) {
			MessagesApi api = new MessagesApi(application);
			api.publishLines("\"before\"\n".repeat(3_000));
			api.post("last");
			awaitNewest(api, "last");
			List<Entry> missed = api.page("?limit=" + (BEHIND + 1)).entries();
			assertThat(missed).hasSize(BEHIND + 1);
			String seen = missed.get(0).id();
			List<Future<EventStream>> opening = new ArrayList<>();
			for (int client = 0; client < CLIENTS; client++) {
				opening.add(
						threads.submit(() -> EventStream.open(application.uri("/messages"), "Last-Event-ID: " + seen)));
			}
			for (Future<EventStream> stream : opening) {
				streams.add(stream.get());
			}
			api.post("live");
			List<String> expected = new ArrayList<>(missed.stream().skip(1).map(Entry::id).toList());
			expected.add(awaitNewest(api, "live").id());
			for (EventStream stream : streams) {
				assertThat(ids(stream, expected.size())).isEqualTo(expected);
			}
			assertThat(application.metric("hello_stream_sse_subscribers")).isEqualTo(CLIENTS);
			assertThat(application.metric("hello_stream_sse_catchups_total")).as("readers of the log").isZero();
		}
		finally {
			threads.shutdownNow();
			for (EventStream stream : streams) {
				stream.close();
			}
		}
	}

	private Entry awaitNewest(MessagesApi api, String body) {
		return Awaitility.await()
			.until(() -> api.page("?limit=1").entries(), (entries) -> entries.get(0).body().equals(body))
			.get(0);
	}

	private List<String> ids(EventStream stream, int count) throws IOException {
		assertThat(stream.nextEvent().event()).isEqualTo("start");
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Frame frame = stream.nextEvent();
			assertThat(frame.event()).as("no gap").isNull();
			ids.add(frame.id());
		}
		return ids;
	}

}
