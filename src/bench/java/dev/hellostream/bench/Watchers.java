package dev.hellostream.bench;

import java.util.List;

/**
 * Subscribers that watch messages come at a steady rate, again and again: with and
 * without something that they should not notice.
 */
final class Watchers {

	static final int PER_SECOND = 100;

	/** What is reported of them. */
	static final List<Column<Sample>> COLUMNS = List.of(Column.millis("50"), Column.millis("99"), Column.millis("99.9"),
			new Column<>("server CPU µs a delivery", "%.2f", Sample::cpuMicros));

	private static final int MESSAGES = 1_000;

	private final int count;

	private long published;

	Watchers(int count) {
		this.count = count;
	}

	/**
	 * Watch for ten seconds.
	 * @param server whom to watch, which nobody else publishes to
	 * @return what it cost, and how late the messages came
	 */
	Sample watch(HelloStreamServer server) {
		long first = this.published;
		this.published += MESSAGES;
		return new FanoutRound(server, this.count, first, MESSAGES)
			.run((publisher, deliveries) -> SteadyWorkload.publish(publisher, first, MESSAGES, PER_SECOND));
	}

}
