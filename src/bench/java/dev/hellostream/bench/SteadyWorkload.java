package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;

/**
 * Messages one by one, at a rate.
 */
final class SteadyWorkload extends FanoutWorkload {

	private static final Duration WINDOW = Duration.ofSeconds(10);

	private final String name;

	private final int subscribers;

	private final int perSecond;

	private SteadyWorkload(String name, int subscribers, int perSecond) {
		super(subscribers, (int) (perSecond * WINDOW.toSeconds()));
		this.name = name;
		this.subscribers = subscribers;
		this.perSecond = perSecond;
	}

	static SteadyWorkload trickle() {
		return new SteadyWorkload("trickle", 1_000, 100);
	}

	static SteadyWorkload wide() {
		return new SteadyWorkload("wide", 8_000, 10);
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
		long start = System.nanoTime();
		for (int i = 0; i < count; i++) {
			Await.moment(start + Duration.ofSeconds(1).toNanos() * i / perSecond);
			publisher.publish(Message.now(first + i));
		}
	}

	@Override
	List<Goal> goals(List<Sample> ours, Peer peer, List<Sample> theirs) {
		if (peer != Peer.NCHAN) {
			return List.of();
		}
		if (this.name.equals("trickle")) {
			return List.of(Goal.atMost(1.0, "trickle: server CPU a delivery, by nchan",
					Stats.of(ours, Sample::cpuMicros).by(Stats.of(theirs, Sample::cpuMicros))));
		}
		return List.of(Goal.atMost(1.0, "wide: p99 from publish to receipt, by nchan",
				Stats.of(ours, (sample) -> sample.millis(99)).by(Stats.of(theirs, (sample) -> sample.millis(99)))));
	}

}
