package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.hellostream.testing.BrokerAddress;

/**
 * From a POST to a watcher. A message goes to the broker and back twice on its way:
 * through the queue, and through the stream.
 */
final class RabbitLatencyWorkload extends PerfTestWorkload {

	private static final int HOPS = 2;

	private static final int CONNECTIONS = 32;

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final String name;

	private final int messages;

	/** 0: the next when the one before was seen. */
	private final int perSecond;

	private final double medianGoal;

	private RabbitLatencyWorkload(String name, int messages, int perSecond, double medianGoal) {
		this.name = name;
		this.messages = messages;
		this.perSecond = perSecond;
		this.medianGoal = medianGoal;
	}

	static RabbitLatencyWorkload busy() {
		return new RabbitLatencyWorkload("rabbit-latency", 10_000, 1_000, 1.5);
	}

	static RabbitLatencyWorkload oneByOne() {
		return new RabbitLatencyWorkload("rabbit-idle", 300, 0, Double.NaN);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	String description() {
		return "One watcher, %s, each message a POST of its own. perf-test publishes %d a second and consumes them; a hop is from its publisher to its consumer."
			.formatted((this.perSecond > 0)
					? "%,d messages a second over %d connections".formatted(this.perSecond, CONNECTIONS)
					: "one message after the other", theirRate());
	}

	private int theirRate() {
		return (this.perSecond > 0) ? this.perSecond : 20;
	}

	@Override
	RabbitSample ours(HelloStreamServer server, BrokerAddress broker) {
		long first = next(this.messages);
		return RabbitSample
			.of((this.perSecond > 0) ? atRate(server, first) : new FanoutRound(server, 1, first, this.messages)
				.run((publisher, deliveries) -> publishOneByOne(publisher, deliveries, first)));
	}

	/**
	 * Over several connections: a request is not read before the one before it on its
	 * connection has been answered, which takes a way to the broker and back.
	 */
	private Sample atRate(HelloStreamServer server, long first) {
		List<PostPublisher> publishers = Stream.generate(server::publisher).limit(CONNECTIONS).toList();
		try {
			return new FanoutRound(server, 1, first, this.messages).runInAnyOrder((publisher,
					deliveries) -> SteadyWorkload.publish(publishers, first, this.messages, this.perSecond));
		}
		finally {
			publishers.forEach(PostPublisher::close);
		}
	}

	private void publishOneByOne(PostPublisher publisher, Deliveries deliveries, long first) {
		for (int i = 0; i < this.messages; i++) {
			long seen = deliveries.count();
			publisher.publish(Message.now(first + i));
			Await.until(LIMIT, () -> deliveries.count() > seen);
		}
	}

	@Override
	RabbitSample theirs(BrokerAddress broker) {
		return RabbitSample.of(PerfTest.run(broker, "--rate", "" + theirRate(), "--confirm", "100", "--qos", "1000"));
	}

	@Override
	void addGoals(Section section, List<RabbitSample> ours, List<RabbitSample> theirs) {
		List<RabbitSample> twice = theirs.stream()
			.map((hop) -> new RabbitSample(hop.perSecond(), hop.cpuMicros(), HOPS * hop.p50(), HOPS * hop.p99(), null))
			.toList();
		section.row("perf-test, two hops", twice, RabbitSample.COLUMNS);
		section.note("Two hops are taken to last twice as long as one, in each percentile.");
		if (!Double.isNaN(this.medianGoal)) {
			section.goal(Goal.atMost(this.medianGoal, this.name + ": p50 from POST to watcher, by two hops",
					Stats.ratio(ours, twice, RabbitSample::p50)));
		}
		section.goal(Goal.atMost(2, this.name + ": p99 from POST to watcher, by two hops",
				Stats.ratio(ours, twice, RabbitSample::p99)));
	}

}
