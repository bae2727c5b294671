package dev.hellostream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.ChildProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.EventStream.Frame;
import dev.hellostream.testing.MessagesApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SIGTERM with live streams open: the application ends quickly, and every live stream
 * receives the time after which its client reconnects.
 */
@Timeout(120)
class ShutdownIT {

	private static final int STREAMS = 1000;

	@Test
	void terminateWhenStreamsAreOpenShouldEndEachCleanly() throws IOException {
		List<EventStream> streams = new ArrayList<>();
		try (ApplicationProcess application = ApplicationProcess.start()) {
			for (int i = 0; i < STREAMS; i++) {
				EventStream stream = EventStream.open(application.uri("/messages"));
				streams.add(stream);
				assertThat(stream.nextEvent().event()).isEqualTo("start");
			}
			assertThat(new MessagesApi(application).post("the last").statusCode()).isEqualTo(202);
			for (EventStream stream : streams) {
				assertThat(stream.nextEvent().data()).contains("the last");
			}
			ChildProcess.Exit exit = application.terminate();
			assertThat(exit.elapsed()).isLessThan(Duration.ofSeconds(10));
			assertThat(exit.code()).as("ended by its shutdown hook").isEqualTo(128 + 15);
			// The bytes that the process sent are still in the clients' sockets.
			List<Integer> retries = new ArrayList<>();
			for (EventStream stream : streams) {
				retries.add(lastRetry(stream));
			}
			assertThat(retries).allMatch((retry) -> retry >= 5_000 && retry <= 15_000);
			assertThat(retries.stream().distinct()).as("jitter").hasSizeGreaterThan(STREAMS / 10);
			assertThat(application.output()).doesNotContain(" ERROR ").doesNotContain("LEAK");
		}
		finally {
			for (EventStream stream : streams) {
				stream.close();
			}
		}
	}

	private int lastRetry(EventStream stream) throws IOException {
		String retry = "-1";
		// The loop ends without an exception only if the last chunk arrived.
		for (Frame frame = stream.next(); frame != null; frame = stream.next()) {
			retry = (frame.retry() != null) ? frame.retry() : "-1";
		}
		return Integer.parseInt(retry);
	}

}
