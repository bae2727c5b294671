package dev.hellostream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

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
		server.publish(LongStream.range(first, first + count).mapToObj(Message::now).toList());
	}

	@Override
	List<Goal> goals(Map<Peer, List<Sample>> samples) {
		Stats ours = Stats.of(samples.getOrDefault(Peer.HELLO_STREAM, List.of()), Sample::perCpuSecond);
		List<Goal> goals = new ArrayList<>();
		Peer.betterNchan(samples, Sample::cpuMicros)
			.ifPresent((theirs) -> goals.add(Goal.atLeast(10, "burst: deliveries a server CPU second, by nchan",
					ours.by(Stats.of(theirs, Sample::perCpuSecond)))));
		if (samples.containsKey(Peer.IDIOMATIC)) {
			goals.add(Goal.atLeast(20, "burst: deliveries a server CPU second, by idiomatic Spring",
					ours.by(Stats.of(samples.get(Peer.IDIOMATIC), Sample::perCpuSecond))));
		}
		return goals;
	}

}
