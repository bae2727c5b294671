package dev.hellostream.bench;

import java.util.List;
import java.util.Map;

/**
 * Many messages at once.
 */
final class BurstWorkload extends FanoutWorkload {

	BurstWorkload() {
		super(1_000, 1_500);
	}

	@Override
	public String name() {
		return "burst";
	}

	@Override
	String description() {
		return "1,000 subscribers, 1,500 messages at once: one `application/x-ndjson` POST to Hello Stream, "
				+ "pipelined POSTs to the others.";
	}

	@Override
	void publish(StreamServer server, PostPublisher publisher, long first, int count) {
		server.publish(Message.now(first, count));
	}

	@Override
	void addGoals(Section section, Map<Peer, List<Sample>> samples) {
		List<Sample> ours = samples.getOrDefault(Peer.HELLO_STREAM, List.of());
		Peer.betterNchan(samples, Sample::cpuMicros)
			.ifPresent((theirs) -> section.goal(Goal.atLeast(10, "burst: deliveries a server CPU second, by nchan",
					Stats.ratio(ours, theirs, Sample::perCpuSecond))));
		if (samples.containsKey(Peer.IDIOMATIC)) {
			section.goal(Goal.atLeast(20, "burst: deliveries a server CPU second, by idiomatic Spring",
					Stats.ratio(ours, samples.get(Peer.IDIOMATIC), Sample::perCpuSecond)));
		}
	}

}
