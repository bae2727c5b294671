package dev.hellostream.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.Tool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a start takes, from the command to the newest messages, with a short stream
 * and with a long one.
 */
final class RabbitStartWorkload implements Workload {

	private static final int SHORT = 10;

	private static final int LONG = 1_000_000;

	private static final Duration FILL_LIMIT = Duration.ofMinutes(10);

	private static final Duration START_LIMIT = Duration.ofMinutes(1);

	private static final List<Column<Double>> COLUMNS = List
		.of(new Column<>("s to the newest messages", "%.2f", (seconds) -> seconds));

	private static final Logger logger = LoggerFactory.getLogger(RabbitStartWorkload.class);

	@Override
	public String name() {
		return "rabbit-start";
	}

	@Override
	public Section measure(Rounds rounds) {
		if (Tool.RABBITMQ.find().isEmpty()) {
			return new Section(name(), "**Not measured**: RabbitMQ is missing here, `apt-get install rabbitmq-server`.",
					List.of());
		}
		try (RabbitNode node = new RabbitNode()) {
			node.start();
			BrokerAddress few = fill(node, SHORT);
			BrokerAddress many = fill(node, LONG);
			List<Double> withFew = new ArrayList<>();
			List<Double> withMany = new ArrayList<>();
			start(few);
			for (int i = 0; i < rounds.count(); i++) {
				withFew.add(start(few));
				withMany.add(start(many));
			}
			return report(withFew, withMany);
		}
	}

	private static BrokerAddress fill(RabbitNode node, int count) {
		logger.info("a stream of {} messages is made", count);
		BrokerAddress broker = node.freshVirtualHost();
		try (HelloStreamServer server = HelloStreamServer.before(broker)) {
			AmqpPublisher.publish(broker, 0, count);
			if (!Await.until(FILL_LIMIT, () -> offset(server) >= count - 1)) {
				throw new IllegalStateException("The stream was not filled in " + FILL_LIMIT);
			}
		}
		return broker;
	}

	private static double start(BrokerAddress broker) {
		long start = System.nanoTime();
		try (HelloStreamServer server = HelloStreamServer.before(broker)) {
			if (!Await.until(START_LIMIT, () -> offset(server) >= SHORT - 1)) {
				throw new IllegalStateException("No messages after " + START_LIMIT);
			}
			double seconds = (System.nanoTime() - start) / 1e9;
			logger.info("    {} s", seconds);
			return seconds;
		}
	}

	/** The offset of the newest message, or -1 while there is none to be had. */
	private static long offset(HelloStreamServer server) {
		String position = server.position();
		return position.matches("\\d+\\.\\w+") ? Long.parseLong(position.substring(0, position.indexOf('.'))) : -1;
	}

	private Section report(List<Double> few, List<Double> many) {
		Section section = new Section(name(),
				"The application is started before a stream of %,d messages and before one of %,d, in turns, until it serves the newest."
					.formatted(SHORT, LONG),
				COLUMNS);
		section.row("%,d".formatted(SHORT), few, COLUMNS);
		section.row("%,d".formatted(LONG), many, COLUMNS);
		section.goal(Goal.atMost(1.0,
				"rabbit-start: time to the newest of %,d messages, by that of %,d".formatted(LONG, SHORT),
				Stats.ratio(many, few, (seconds) -> seconds)));
		return section;
	}

}
