package dev.hellostream.bench;

import java.util.List;

import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.Tool;

/**
 * The application with a RabbitMQ of one node.
 */
abstract class RabbitWorkload implements Workload {

	private long published;

	@Override
	public final Section measure(Rounds rounds) {
		if (Tool.RABBITMQ.find().isEmpty()) {
			return new Section(name(), "**Not measured**: RabbitMQ is missing here, `apt-get install rabbitmq-server`.",
					List.of());
		}
		try (RabbitNode node = new RabbitNode()) {
			node.start();
			return measure(rounds, node);
		}
	}

	/** Measure it before a node that runs. */
	abstract Section measure(Rounds rounds, RabbitNode node);

	/**
	 * Take numbers for messages.
	 * @param count how many
	 * @return the first of them
	 */
	final long next(int count) {
		long first = this.published;
		this.published += count;
		return first;
	}

}
