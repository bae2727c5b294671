package dev.hellostream.bench;

import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.BrokerAddress;

/**
 * Publishing with confirms, as fast as it goes.
 */
final class RabbitPublishWorkload extends PerfTestWorkload {

	private static final int MESSAGES = 100_000;

	private final List<RabbitSample> alone = new ArrayList<>();

	@Override
	public String name() {
		return "rabbit-publish";
	}

	@Override
	String description() {
		return "One `application/x-ndjson` POST of %,d messages to `hello`, until the last is confirmed. perf-test publishes to `hello`, too, with 1,000 unconfirmed. In both cases the application consumes and logs them at the same time."
			.formatted(MESSAGES);
	}

	@Override
	RabbitSample ours(HelloStreamServer server, BrokerAddress broker) {
		long first = next(MESSAGES);
		long[] nanos = new long[1];
		Sample all = new FanoutRound(server, 1, first, MESSAGES).run((publisher, deliveries) -> {
			List<byte[]> messages = Message.now(first, MESSAGES);
			long start = System.nanoTime();
			server.publish(messages);
			nanos[0] = System.nanoTime() - start;
		});
		return new RabbitSample(MESSAGES * 1e9 / nanos[0], all.cpuMicros(), Double.NaN, Double.NaN, all.fault());
	}

	@Override
	RabbitSample theirs(BrokerAddress broker) {
		RabbitSample sample = RabbitSample
			.ofRate(PerfTest.runWithConsumer(broker, "--confirm", "1000").sentPerSecond());
		this.alone
			.add(RabbitSample.ofRate(PerfTest.run(broker, "--consumers", "0", "--confirm", "1000").sentPerSecond()));
		return sample;
	}

	@Override
	void addGoals(Section section, List<RabbitSample> ours, List<RabbitSample> theirs) {
		section.row("perf-test, where nobody consumes", this.alone, RabbitSample.COLUMNS);
		section.goal(Goal.atLeast(0.5, "rabbit-publish: confirmed messages a second, by perf-test",
				Stats.ratio(ours, theirs, RabbitSample::perSecond)));
	}

}
