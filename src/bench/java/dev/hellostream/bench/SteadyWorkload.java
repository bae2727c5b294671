package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Messages one by one, at a rate.
 */
final class SteadyWorkload extends FanoutWorkload {

	private static final Duration WINDOW = Duration.ofSeconds(10);

	private final String name;

	private final int subscribers;

	private final int perSecond;

	private final String goal;

	private final ToDoubleFunction<Sample> cost;

	private SteadyWorkload(String name, int subscribers, int perSecond, String goal, ToDoubleFunction<Sample> cost) {
		super(subscribers, (int) (perSecond * WINDOW.toSeconds()));
		this.name = name;
		this.subscribers = subscribers;
		this.perSecond = perSecond;
		this.goal = goal;
		this.cost = cost;
	}

	static SteadyWorkload trickle() {
		return new SteadyWorkload("trickle", 1_000, 100, "server CPU a delivery", Sample::cpuMicros);
	}

	static SteadyWorkload wide() {
		return new SteadyWorkload("wide", 8_000, 10, "p99 from publish to receipt", (sample) -> sample.millis(99));
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	String description() {
		return "%,d subscribers, %d messages a second for %d s, each a POST of its own.".formatted(this.subscribers,
				this.perSecond, WINDOW.toSeconds());
	}

	@Override
	void publish(StreamServer server, PostPublisher publisher, long first, int count) {
		publish(publisher, first, count, this.perSecond);
	}

	static void publish(PostPublisher publisher, long first, int count, int perSecond) {
		publish(List.of(publisher), first, count, perSecond);
	}

	/** Publish at a rate, over each connection in turn. */
	static void publish(List<PostPublisher> publishers, long first, int count, int perSecond) {
		long start = System.nanoTime();
		for (int i = 0; i < count; i++) {
			Await.moment(start + Duration.ofSeconds(1).toNanos() * i / perSecond);
			publishers.get(i % publishers.size()).publish(Message.now(first + i));
		}
	}

	@Override
	void addGoals(Section section, Map<Peer, List<Sample>> samples) {
		List<Sample> ours = samples.getOrDefault(Peer.HELLO_STREAM, List.of());
		Peer.betterNchan(samples, this.cost)
			.ifPresent((theirs) -> section.goal(Goal.atMost(1.0, this.name + ": " + this.goal + ", by nchan",
					Stats.ratio(ours, theirs, this.cost))));
	}

}
