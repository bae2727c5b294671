package dev.hellostream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A million messages through the embedded broker in a small heap. A subscriber that falls
 * behind the retained entries receives a gap, and misses nothing else.
 */
@Tag("slow")
@Timeout(240)
class MillionIT {

	private static final Logger logger = LoggerFactory.getLogger(MillionIT.class);

	private static final int MESSAGES = 1_000_000;

	private static final int IN_FLIGHT = 1000;

	private static final String PADDING = "x".repeat(90);

	@Test
	void publishWhenHeapIsSmallShouldCarryAMillionMessages() throws Exception {
		try (ApplicationProcess application = ApplicationProcess.start("-Xmx256m", "-XX:+ExitOnOutOfMemoryError",
				"--logging.level.dev.hellostream.consume=warn");
				EventStream stream = EventStream.open(application.uri("/messages?after=first"))) {
			CompletableFuture<Seen> watcher = CompletableFuture.supplyAsync(() -> watch(stream));
			long start = System.nanoTime();
			publish(application.broker());
			Seen seen = watcher.get(180, TimeUnit.SECONDS);
			long elapsed = Duration.ofNanos(System.nanoTime() - start).toMillis();
			logger.info("{} messages in {} ms; the watcher saw {}", MESSAGES, elapsed, seen);
			assertThat(seen.last()).isEqualTo(MESSAGES - 1);
			assertThat(seen.inOrder()).as("each number is above the one before").isTrue();
			assertThat(seen.unexplained()).as("numbers left out where no gap was told").isZero();
			MessagesApi api = new MessagesApi(application);
			assertThat(api.page("").entries()).last()
				.satisfies((entry) -> assertThat(entry.body()).startsWith((MESSAGES - 1) + " "));
			assertThat(api.post("and one more").statusCode()).isEqualTo(202);
			assertThat(stream.nextEvent().data()).contains("and one more");
			assertThat(application.output()).doesNotContain(" ERROR ").doesNotContain("OutOfMemory");
		}
	}

	private void publish(BrokerAddress broker) throws Exception {
		try (Connection connection = broker.connect(); Channel channel = connection.createChannel()) {
			AtomicInteger returned = new AtomicInteger();
			channel.addReturnListener((message) -> returned.incrementAndGet());
			channel.confirmSelect();
			for (int i = 0; i < MESSAGES; i++) {
				channel.basicPublish("", "hello", true, null, (i + " " + PADDING).getBytes(StandardCharsets.UTF_8));
				if (i % IN_FLIGHT == IN_FLIGHT - 1) {
					channel.waitForConfirmsOrDie(30_000);
				}
			}
			channel.waitForConfirmsOrDie(30_000);
			assertThat(returned).hasValue(0);
		}
	}

	private Seen watch(EventStream stream) {
		try {
			Seen seen = new Seen(0, 0, 0, 0, -1, true);
			boolean afterGap = false;
			while (seen.last() < MESSAGES - 1) {
				EventStream.Frame frame = stream.nextEvent();
				if (frame.event() == null) {
					String body = MessagesApi.Entry.parse(frame.data()).body();
					seen = seen.and(Integer.parseInt(body.substring(0, body.indexOf(' '))), afterGap);
					afterGap = false;
				}
				afterGap |= "gap".equals(frame.event());
			}
			return seen;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The messages that the subscriber saw.
	 *
	 * @param messages the number of messages
	 * @param gaps the number of gaps
	 * @param missed the number of messages missed in gaps
	 * @param unexplained the number of messages missed without a gap
	 * @param last the last number
	 * @param inOrder whether every number was above the one before it
	 */
	private record Seen(int messages, int gaps, int missed, int unexplained, int last, boolean inOrder) {

		Seen and(int number, boolean afterGap) {
			int leftOut = Math.max(number - this.last - 1, 0);
			int told = afterGap ? leftOut : 0;
			return new Seen(this.messages + 1, this.gaps + (afterGap ? 1 : 0), this.missed + told,
					this.unexplained + leftOut - told, number, this.inOrder && number > this.last);
		}

	}

}
