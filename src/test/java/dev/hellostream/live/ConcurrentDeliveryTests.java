package dev.hellostream.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.hellostream.log.InMemoryLogs;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The checks of {@link DeliveryTests}, with threads that do not wait for each other: one
 * appends, two are event loops, and one makes clients subscribe, leave, resume and stop
 * reading.
 */
@Tag("slow")
class ConcurrentDeliveryTests {

	private static final Duration DURATION = Duration.ofSeconds(3);

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final int CLIENTS = 24;

	private static final int LOG = 256;

	private static final long NEAR_BYTES = 8 * 1024;

	private final Random random = new Random();

	private final AppendedEntries entries = new AppendedEntries(LOG);

	private final List<ScheduledExecutorService> loops = List.of(Executors.newSingleThreadScheduledExecutor(),
			Executors.newSingleThreadScheduledExecutor());

	private final Collection<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final SmallLiveStreams streams = new SmallLiveStreams(this.entries, InMemoryLogs.bounded(LOG), NEAR_BYTES,
			new ChunkMemory(64 * 1024), 2,
			new LiveSettings(Duration.ofMillis(20), Duration.ofMillis(100), CLIENTS, CLIENTS, 16, 1000), this.loops,
			this.failures::add);

	private final List<CheckedClient> all = new ArrayList<>();

	@AfterEach
	void end() {
		this.loops.forEach(ScheduledExecutorService::shutdownNow);
	}

	@Test
	void clientsThatComeAndGoShouldSeeTheSequenceOrBeToldWhereItBreaks() throws Exception {
		List<CheckedClient> clients = new ArrayList<>();
		for (int i = 0; i < CLIENTS; i++) {
			clients.add(subscribe(SmallLiveStreams.live()));
		}
		Thread appender = new Thread(this::append);
		long end = System.nanoTime() + DURATION.toNanos();
		appender.start();
		while (System.nanoTime() < end && this.failures.isEmpty()) {
			disturb(clients);
		}
		appender.interrupt();
		appender.join();
		for (CheckedClient client : clients) {
			client.loop().execute(client::unstick);
		}
		for (CheckedClient client : clients) {
			await(client, () -> client.hasLeft() || client.hasEverything());
		}
		this.streams.finish();
		for (CheckedClient client : this.all) {
			await(client, () -> client.hasLeft() && client.closings() == 1);
		}
		assertThat(this.failures).isEmpty();
		assertThat(this.streams.hasAllPermits()).as("permits are back").isTrue();
		Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(this.streams.heldBytes()).isZero());
		assertThat(this.all.stream().mapToInt(CheckedClient::gaps).sum()).as("gaps").isPositive();
		assertThat(this.streams.stalled()).as("stalled").isPositive();
	}

	private void append() {
		for (int i = 0; !Thread.interrupted(); i++) {
			this.entries.append(this.streams.log(), i % 200);
			if (i % 64 == 0) {
				// Not always faster than all clients, or none would ever be near.
				LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(i % 2_000));
			}
		}
	}

	private void disturb(List<CheckedClient> clients) throws Exception {
		int place = this.random.nextInt(CLIENTS);
		CheckedClient client = clients.get(place);
		switch (this.random.nextInt(4)) {
			case 0 -> client.loop().execute(client::stick);
			case 1 -> client.loop().execute(client::unstick);
			case 2 -> {
				client.leave();
				clients.set(place, subscribe(SmallLiveStreams.live()));
			}
			default -> {
				client.leave();
				clients.set(place, subscribe(SmallLiveStreams.after(client.loop().submit(client::last).get())));
			}
		}
		LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(this.random.nextInt(1_000)));
	}

	private CheckedClient subscribe(SubscriptionStart start) {
		LiveFormat format = this.random.nextBoolean() ? LiveFormat.SSE : LiveFormat.NDJSON;
		CheckedClient client = this.streams.subscribe(start, format, this.random.nextInt(this.loops.size()));
		this.all.add(client);
		return client;
	}

	private void await(CheckedClient client, Callable<Boolean> condition) {
		Awaitility.await()
			.atMost(LIMIT)
			.pollInterval(Duration.ofMillis(5))
			.untilAsserted(
					() -> assertThat(!this.failures.isEmpty() || client.loop().submit(condition).get()).as("%s", client)
						.isTrue());
	}

}
