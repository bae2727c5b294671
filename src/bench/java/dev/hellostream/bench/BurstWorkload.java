package dev.hellostream.bench;

import java.util.List;
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
	List<Goal> goals(List<Sample> ours, Peer peer, List<Sample> theirs) {
		return List.of(Goal.atLeast((peer == Peer.NCHAN) ? 10 : 20, "burst: deliveries a server CPU second, by " + peer,
				Stats.of(ours, Sample::perCpuSecond).by(Stats.of(theirs, Sample::perCpuSecond))));
	}

}
