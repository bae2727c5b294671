package dev.hellostream.bench;

import java.time.Duration;
import java.util.List;

import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.RabbitNode;

/**
 * An instance starts before a stream with little in it, and before one with much.
 */
final class StartWorkload extends RabbitWorkload {

	private static final int FEW = 10;

	private static final int MANY = 1_000_000;

	private static final String STREAM = "hello.log";

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final String RECEIVED = "hello_stream_log_tail_received_total";

	private static final List<Column<Start>> COLUMNS = List.of(new Column<>("start s", "%.2f", Start::seconds),
			new Column<>("entries that were read", "%,.0f", Start::received));

	@Override
	public String name() {
		return "rabbit-start";
	}

	@Override
	Section measure(Rounds rounds, RabbitNode node) {
		BrokerAddress few = filled(node.freshVirtualHost(), FEW);
		BrokerAddress many = filled(node.freshVirtualHost(), MANY);
		rounds.warmUp(Peer.HELLO_STREAM, () -> start(many, MANY));
		return report(rounds.alone(() -> new Pair(start(few, FEW), start(many, MANY))));
	}

	/** An instance declares the stream, and somebody else fills it. */
	private static BrokerAddress filled(BrokerAddress broker, int entries) {
		try (HelloStreamServer server = HelloStreamServer.before(broker)) {
			require(server, 0);
		}
		AmqpPublisher.fill(broker, STREAM, entries);
		return broker;
	}

	private static Start start(BrokerAddress broker, int entries) {
		long start = System.nanoTime();
		try (HelloStreamServer server = HelloStreamServer.before(broker)) {
			require(server, entries);
			return new Start((System.nanoTime() - start) / 1e9, server.metric(RECEIVED));
		}
	}

	/** Wait until it shows the end of the stream. */
	private static void require(HelloStreamServer server, int entries) {
		boolean shown = Await.until(LIMIT, () -> {
			String position = server.position();
			return position.matches("\\d+\\.\\p{XDigit}+")
					&& Integer.parseInt(position.substring(0, position.indexOf('.'))) >= entries;
		});
		if (!shown) {
			throw new IllegalStateException("%d entries are not shown: %s".formatted(entries, server.position()));
		}
	}

	private Section report(List<Pair> pairs) {
		Section section = new Section(name(),
				"From the start of the JVM until the newest entry can be fetched, before a stream of RabbitMQ with %,d entries and with %,d."
					.formatted(FEW, MANY),
				COLUMNS);
		section.row("%,d entries".formatted(FEW), pairs.stream().map(Pair::few).toList(), COLUMNS);
		section.row("%,d entries".formatted(MANY), pairs.stream().map(Pair::many).toList(), COLUMNS);
		section.goal(Goal.atMost(1.1, "rabbit-start: time with %,d entries, by that with %,d".formatted(MANY, FEW),
				Stats.of(pairs, (pair) -> pair.many().seconds() / pair.few().seconds())));
		return section;
	}

	private record Pair(Start few, Start many) {
	}

	/**
	 * A start.
	 *
	 * @param seconds how long it took
	 * @param received how many entries of the stream were read in that time
	 */
	private record Start(double seconds, double received) {
	}

}
