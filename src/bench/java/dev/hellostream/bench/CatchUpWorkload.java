package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Many come back far behind, while others watch live: are those disturbed, and do these
 * miss nothing? Only the application is asked.
 */
final class CatchUpWorkload implements Workload {

	private static final int LIVE_WATCHERS = 200;

	private static final int LIVE_PER_SECOND = 100;

	private static final int LIVE_MESSAGES = 800;

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final Duration BEFORE_THE_STORM = Duration.ofMillis(500);

	private static final List<Column<Sample>> COLUMNS = List.of(Column.millis("50"), Column.millis("99"),
			Column.millis("99.9"));

	private final String name;

	private final int clients;

	private final int behind;

	private long published;

	private CatchUpWorkload(String name, int clients, int behind) {
		this.name = name;
		this.clients = clients;
		this.behind = behind;
	}

	/** So near that they read by themselves what they missed. */
	static CatchUpWorkload near() {
		return new CatchUpWorkload("catch-up", 1_000, 5_000);
	}

	/** So far that they take turns. */
	static CatchUpWorkload far() {
		return new CatchUpWorkload("catch-up-far", 100, 60_000);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Section measure(Rounds rounds) {
		return report(rounds.alone(1, this::round));
	}

	private Round round(HelloStreamServer server) {
		Sample quiet = live(server).run((publisher, live) -> publishLive(publisher));
		String position = server.position();
		long firstMissed = this.published;
		this.published += this.behind;
		server.publish(Message.now(firstMissed, this.behind));

		Deliveries missed = new Deliveries();
		byte[] request = server.subscription("Last-Event-ID: " + position);
		List<Watcher> late = Watcher.many(this.clients, request, firstMissed, missed);
		long firstLive = this.published;
		AtomicLong nanos = new AtomicLong();
		try (LoadClient client = new LoadClient(server.address())) {
			Sample busy = live(server).run((publisher, live) -> {
				live.timed(false);
				CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishLive(publisher));
				Await.pause(BEFORE_THE_STORM);
				live.timed(true);
				long start = System.nanoTime();
				client.open(late, LIMIT);
				awaitNext(client, late, firstLive, missed);
				nanos.set(System.nanoTime() - start);
				live.timed(false);
				publishing.join();
			});
			awaitNext(client, late, this.published, missed);
			return new Round(quiet, busy, nanos.get() / 1e9, missed.fault());
		}
	}

	private FanoutRound live(HelloStreamServer server) {
		return new FanoutRound(server, LIVE_WATCHERS, this.published, LIVE_MESSAGES);
	}

	private void publishLive(PostPublisher publisher) {
		long first = this.published;
		this.published += LIVE_MESSAGES;
		SteadyWorkload.publish(publisher, first, LIVE_MESSAGES, LIVE_PER_SECOND);
	}

	private static void awaitNext(LoadClient client, List<Watcher> watchers, long next, Deliveries deliveries) {
		if (!Await.until(LIMIT, () -> {
			client.check();
			return watchers.stream().allMatch((watcher) -> watcher.next() >= next) || deliveries.fault() != null;
		})) {
			deliveries.fault("not all have caught up after " + LIMIT);
		}
	}

	private Section report(List<Round> rounds) {
		Section section = new Section(this.name,
				"%,d clients come back %,d messages behind, while %d watchers get %d messages a second. The watchers' time from publish to receipt, before and while the others catch up."
					.formatted(this.clients, this.behind, LIVE_WATCHERS, LIVE_PER_SECOND),
				COLUMNS, "all caught up after s", "missed messages/s");
		section.samples("live only", rounds.stream().map(Round::quiet).toList(), COLUMNS, "", "");
		section.samples("while others catch up", rounds.stream().map(Round::busy).toList(), COLUMNS,
				Stats.of(rounds, Round::seconds).show("%.1f"),
				Stats.of(rounds, (round) -> (double) this.clients * this.behind / round.seconds()).show("%,.0f"));
		section.goal(Goal.atMost(1.5, this.name + ": p99 of live watchers, by that without it",
				Stats.of(rounds, (round) -> round.busy().millis(99) / round.quiet().millis(99))));
		rounds.forEach((round) -> section.fault("those who came back", round.fault()));
		return section;
	}

	private record Round(Sample quiet, Sample busy, double seconds, @Nullable String fault) {

		@Override
		public String toString() {
			return "live only: p99 %.1f ms; while others catch up in %.1f s: p99 %.1f ms%s".formatted(
					this.quiet.millis(99), this.seconds, this.busy.millis(99),
					(this.fault != null) ? "; VOID: " + this.fault : "");
		}

	}

}
