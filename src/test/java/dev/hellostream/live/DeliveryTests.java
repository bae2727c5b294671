package dev.hellostream.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import dev.hellostream.log.InMemoryLogs;
import dev.hellostream.log.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Any mix of appending, subscribing, resuming, leaving, getting stuck and eviction gives
 * each subscriber exactly the sequence, or a gap that names the entry with which it
 * continues.
 *
 * <p>
 * A seed decides which operations run and in which order the threads run, all on the
 * thread of the test, so that a run can be repeated. {@code -Dseed=42} repeats one,
 * {@code -Dseeds=100000} tries more of them.
 */
class DeliveryTests {

	/** The number of seeds; a normal build tries a share, as of the interleavings. */
	private static final long SEEDS = 20L * Integer.getInteger("hello-stream.interleavings", 100);

	@Test
	void anyMixShouldGiveEverySubscriberTheSequenceOrSayWhereItBreaks() {
		Long seed = Long.getLong("seed");
		long first = (seed != null) ? seed : 1;
		long last = (seed != null) ? seed : Long.getLong("seeds", SEEDS);
		Totals totals = new Totals();
		for (long current = first; current <= last; current++) {
			try {
				new Mix(current, totals).run();
			}
			catch (Throwable ex) {
				fail("Repeat with -Dseed=" + current + ": " + ex.getMessage(), ex);
			}
		}
		if (seed == null) {
			assertThat(totals.least()).as("%s, without which this shows nothing", totals).isGreaterThan(last / 10);
		}
	}

	/**
	 * The events of all mixes.
	 */
	private static final class Totals {

		private long gaps;

		private long heartbeats;

		private long stalled;

		private long resumed;

		private long lastWords;

		long least() {
			return LongStream.of(this.gaps, this.heartbeats, this.stalled, this.resumed, this.lastWords)
				.min()
				.getAsLong();
		}

		@Override
		public String toString() {
			return "%s gaps, %s heartbeats, %s stalled, %s resumed, %s last words".formatted(this.gaps, this.heartbeats,
					this.stalled, this.resumed, this.lastWords);
		}

	}

	/**
	 * A mix.
	 */
	private static final class Mix {

		private static final int LOOPS = 2;

		private static final int OPERATIONS = 150;

		private final Random random;

		private final Totals totals;

		private final List<HandDrivenExecutor> executors = new ArrayList<>();

		private final List<CheckedClient> clients = new ArrayList<>();

		private final AppendedEntries entries;

		private final SmallLiveStreams streams;

		private boolean finished;

		Mix(long seed, Totals totals) {
			this.random = new Random(seed * 0x9E3779B97F4A7C15L);
			this.totals = totals;
			int retained = 1 + this.random.nextInt(24);
			this.entries = new AppendedEntries(retained);
			List<HandDrivenExecutor> loops = new ArrayList<>();
			for (int i = 0; i < LOOPS; i++) {
				loops.add(new HandDrivenExecutor());
			}
			this.executors.addAll(loops);
			LiveSettings settings = new LiveSettings(atOnceOrNever(), atOnceOrNever(), 100, 100, 16, 1000);
			this.streams = new SmallLiveStreams(this.entries, InMemoryLogs.bounded(retained),
					200 + this.random.nextInt(3_000), memory(), 1 + this.random.nextInt(2), settings, loops, (ex) -> {
						throw new AssertionError(ex);
					});
			settle();
		}

		private Duration atOnceOrNever() {
			return this.random.nextBoolean() ? Duration.ZERO : Duration.ofHours(1);
		}

		/** Ample, or so little that the stuck subscribers fill it, or one of them. */
		private ChunkMemory memory() {
			return switch (this.random.nextInt(3)) {
				case 0 -> new ChunkMemory();
				case 1 -> new ChunkMemory(4_000);
				default -> new ChunkMemory(0);
			};
		}

		void run() {
			int finishAt = this.random.nextInt(2 * OPERATIONS);
			for (int i = 0; i < OPERATIONS; i++) {
				if (i == finishAt) {
					this.streams.finish();
					this.finished = true;
				}
				operate(this.random.nextInt(100));
			}
			end();
		}

		private void operate(int choice) {
			if (choice < 25) {
				this.entries.append(this.streams.log(), padding());
			}
			else if (choice < 27) {
				this.entries.repeatLast(this.streams.log());
			}
			else if (choice < 67) {
				step();
			}
			else if (choice < 70) {
				settle();
			}
			else if (choice < 78) {
				subscribe(start());
			}
			else if (choice < 80) {
				this.executors.get(this.random.nextInt(LOOPS)).fireTimers();
			}
			else if (!this.clients.isEmpty()) {
				operate(choice, this.clients.get(this.random.nextInt(this.clients.size())));
			}
		}

		private void operate(int choice, CheckedClient client) {
			if (choice < 84) {
				client.leave();
			}
			else if (choice < 90) {
				client.leave();
				subscribe(SmallLiveStreams.after(client.last()));
				this.totals.resumed++;
			}
			else if (choice < 94) {
				client.stick();
			}
			else {
				client.unstick();
			}
		}

		private int padding() {
			// Sometimes more than fits into one write.
			return (this.random.nextInt(50) == 0) ? 70_000 : this.random.nextInt(300);
		}

		private SubscriptionStart start() {
			int size = this.entries.size();
			return switch (this.random.nextInt(4)) {
				case 0 -> SmallLiveStreams.live();
				case 1 -> SmallLiveStreams.after(null);
				case 2 -> SmallLiveStreams.after(new Position(this.random.nextInt(40), this.random.nextInt()));
				default -> (size == 0) ? SmallLiveStreams.live()
						: SmallLiveStreams.after(this.entries.position(this.random.nextInt(size)));
			};
		}

		private void subscribe(SubscriptionStart start) {
			LiveFormat format = this.random.nextBoolean() ? LiveFormat.SSE : LiveFormat.NDJSON;
			CheckedClient client = this.streams.subscribe(start, format, this.random.nextInt(LOOPS));
			if (this.random.nextInt(4) == 0) {
				client.stick();
			}
			this.clients.add(client);
		}

		private boolean step() {
			List<HandDrivenExecutor> busy = this.executors.stream().filter((executor) -> !executor.isIdle()).toList();
			return !busy.isEmpty() && busy.get(this.random.nextInt(busy.size())).runNext();
		}

		private void settle() {
			for (int i = 0; step(); i++) {
				assertThat(i).as("steps until nothing is left to do").isLessThan(100_000);
			}
		}

		private void end() {
			this.clients.forEach(CheckedClient::unstick);
			settle();
			for (CheckedClient client : this.clients) {
				assertThat(client.hasLeft() || (!this.finished && client.hasEverything())).as("%s", client).isTrue();
			}
			if (this.random.nextBoolean()) {
				this.streams.finish();
			}
			else {
				this.clients.forEach(CheckedClient::leave);
			}
			settle();
			for (CheckedClient client : this.clients) {
				assertThat(client.hasLeft()).as("left").isTrue();
				assertThat(client.closings()).as("times told that nobody is there").isOne();
				assertThat(client.lastWords()).as("last words").isLessThanOrEqualTo(client.completions());
				assertThat(client.completions()).as("ends").isLessThanOrEqualTo(1);
				this.totals.lastWords += client.completions();
				this.totals.gaps += client.gaps();
				this.totals.heartbeats += client.heartbeats();
			}
			this.totals.stalled += this.streams.stalled();
			assertThat(this.streams.hasAllPermits()).as("permits are back").isTrue();
			// A cursor that was still in a loop's list would be written to.
			this.executors.forEach(HandDrivenExecutor::fireTimers);
			this.streams.finish();
			settle();
			assertThat(this.streams.heldBytes()).as("bytes that nobody released").isZero();
		}

	}

}
