package dev.hellostream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.ReadyState;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.MessagesApi.Entry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Subscribers that are disconnected again and again, at any byte, and resume after the
 * last id that they received: each receives every message, once, in order.
 */
@Tag("slow")
@Timeout(180)
class ResumeIT {

	private static final int MESSAGES = 10_000;

	private static final int EVENT_SOURCES = 40;

	private static final int PLAIN_SOCKETS = 10;

	private static final int MOST_CUTS = 1_000;

	private static final List<Integer> EVERYTHING = IntStream.range(0, MESSAGES).boxed().toList();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);

	private final List<EventSource> sources = new CopyOnWriteArrayList<>();

	private final AtomicInteger cuts = new AtomicInteger();

	@AfterEach
	void endThreads() throws InterruptedException {
		this.clock.shutdownNow();
		this.threads.shutdownNow();
		assertThat(this.threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void resumeWhenCutAllTheWhileShouldSeeEachMessageOnceInOrder() throws Exception {
		try (ApplicationProcess application = ApplicationProcess.start("--logging.level.dev.hellostream.consume=warn");
				Connection connection = application.broker().connect();
				Channel channel = connection.createChannel()) {
			List<CompletableFuture<List<Integer>>> subscribers = new ArrayList<>();
			for (int i = 0; i < PLAIN_SOCKETS; i++) {
				Random random = new Random(i);
				subscribers.add(CompletableFuture.supplyAsync(() -> readPlainly(application, random), this.threads));
			}
			for (int i = 0; i < EVENT_SOURCES; i++) {
				subscribers.add(CompletableFuture.supplyAsync(() -> readEventSource(application), this.threads));
			}
			channel.confirmSelect();
			Iterator<Integer> numbers = EVERYTHING.iterator();
			// Spread over ten seconds, so that there is time to cut connections.
			ScheduledFuture<?> publishing = this.clock.scheduleAtFixedRate(() -> publishSome(channel, numbers), 500,
					100, TimeUnit.MILLISECONDS);
			ScheduledFuture<?> cutting = this.clock.scheduleAtFixedRate(new Cutter(), 500, 10, TimeUnit.MILLISECONDS);
			for (CompletableFuture<List<Integer>> subscriber : subscribers) {
				List<Integer> seen = subscriber.get(120, TimeUnit.SECONDS);
				// Not compared as an iterable: a failure would print 10,000 numbers.
				assertThat(seen.equals(EVERYTHING)).as(() -> firstDifference(seen)).isTrue();
			}
			assertThat(publishing.isDone()).as("publishing failed").isFalse();
			assertThat(cutting.isDone()).as("cutting failed").isFalse();
			assertThat(this.cuts).as("cuts").hasValueGreaterThan(5 * (EVENT_SOURCES + PLAIN_SOCKETS));
			assertThat(application.output()).doesNotContain(" ERROR ").doesNotContain("LEAK");
		}
	}

	private void publishSome(Channel channel, Iterator<Integer> numbers) {
		try {
			for (int i = 0; i < 100 && numbers.hasNext(); i++) {
				channel.basicPublish("", "hello", null, ("" + numbers.next()).getBytes(StandardCharsets.UTF_8));
			}
			channel.waitForConfirmsOrDie(10_000);
		}
		catch (IOException | InterruptedException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<Integer> readEventSource(ApplicationProcess application) {
		List<Integer> seen = new ArrayList<>();
		try (EventSource source = new EventSource.Builder(
				ConnectStrategy.http(application.uri("/messages?after=first")))
			.errorStrategy(ErrorStrategy.alwaysContinue())
			.build()) {
			this.sources.add(source);
			for (MessageEvent event : source.messages()) {
				note(event.getEventName(), event.getData(), seen);
				if (seen.size() >= MESSAGES) {
					break;
				}
			}
			this.sources.remove(source);
		}
		return seen;
	}

	private List<Integer> readPlainly(ApplicationProcess application, Random random) {
		List<Integer> seen = new ArrayList<>();
		String lastId = null;
		while (seen.size() < MESSAGES) {
			String[] headers = (lastId != null) ? new String[] { "Last-Event-ID: " + lastId } : new String[0];
			try (EventStream stream = EventStream.open(application.uri("/messages?after=first"), headers)) {
				int frames = 1 + random.nextInt(400);
				for (int i = 0; i < frames && seen.size() < MESSAGES; i++) {
					EventStream.Frame frame = stream.nextEvent();
					lastId = (frame.id() != null) ? frame.id() : lastId;
					note((frame.event() != null) ? frame.event() : MessageEvent.DEFAULT_EVENT_NAME, frame.data(), seen);
				}
				stream.cut();
				this.cuts.incrementAndGet();
			}
			catch (IOException ex) {
				throw new AssertionError("cut by the server after " + seen.size() + " messages", ex);
			}
		}
		return seen;
	}

	private void note(String event, String data, List<Integer> seen) {
		switch (event) {
			case MessageEvent.DEFAULT_EVENT_NAME -> seen.add(Integer.valueOf(Entry.parse(data).body()));
			case "start" -> assertThat(data).as("start after %d messages", seen.size()).startsWith("{");
			default -> throw new AssertionError("%s after %d messages: %s".formatted(event, seen.size(), data));
		}
	}

	private String firstDifference(List<Integer> seen) {
		return IntStream.range(0, seen.size())
			.filter((index) -> index >= MESSAGES || seen.get(index) != index)
			.mapToObj((index) -> "%d came as message %d of %d".formatted(seen.get(index), index, seen.size()))
			.findFirst()
			.orElse("only %d of %d came".formatted(seen.size(), MESSAGES));
	}

	/**
	 * Cuts one EventSource, chosen by chance, that reads at this moment. Ends after a
	 * number of cuts: on a slow machine, the last sources would be cut whenever they have
	 * reconnected, before they have read anything.
	 */
	private final class Cutter implements Runnable {

		private final Random random = new Random(0);

		@Override
		public void run() {
			List<EventSource> open = ResumeIT.this.sources.stream()
				.filter((source) -> source.getState() == ReadyState.OPEN)
				.toList();
			if (!open.isEmpty() && ResumeIT.this.cuts.get() < MOST_CUTS) {
				open.get(this.random.nextInt(open.size())).interrupt();
				ResumeIT.this.cuts.incrementAndGet();
			}
		}

	}

}
