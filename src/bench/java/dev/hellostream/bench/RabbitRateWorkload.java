package dev.hellostream.bench;

import java.util.List;

import dev.hellostream.testing.BrokerAddress;

/**
 * From the queue through the stream to a watcher, as fast as it goes.
 */
final class RabbitRateWorkload extends PerfTestWorkload {

	private static final int MESSAGES = 100_000;

	@Override
	public String name() {
		return "rabbit-rate";
	}

	@Override
	String description() {
		return "%,d messages of %d bytes are published to `hello` (a quorum queue) by an AMQP client; one watcher reads them from the application. perf-test publishes and consumes its own quorum queue."
			.formatted(MESSAGES, Message.LENGTH);
	}

	@Override
	RabbitSample ours(HelloStreamServer server, BrokerAddress broker) {
		long first = next(MESSAGES);
		return RabbitSample.of(new FanoutRound(server, 1, first, MESSAGES)
			.run((publisher, deliveries) -> AmqpPublisher.publish(broker, first, MESSAGES)));
	}

	@Override
	RabbitSample theirs(BrokerAddress broker) {
		return RabbitSample.of(PerfTest.run(broker, "--confirm", "1000", "--qos", "1000", "--multi-ack-every", "100"));
	}

	@Override
	void addGoals(Section section, List<RabbitSample> ours, List<RabbitSample> theirs) {
		section.goal(Goal.atLeast(15_000, "rabbit-rate: messages a second from queue to watcher",
				Stats.of(ours, RabbitSample::perSecond)));
		section.goal(Goal.atMost(60, "rabbit-rate: µs of application CPU a message",
				Stats.of(ours, RabbitSample::cpuMicros)));
	}

}
