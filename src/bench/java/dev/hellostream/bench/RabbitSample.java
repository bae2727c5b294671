package dev.hellostream.bench;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A round of the application before RabbitMQ, or of RabbitMQ's own load tool.
 *
 * @param perSecond messages a second
 * @param cpuMicros processor time of the application a message, without that of the
 * broker
 * @param p50 half of the messages took at most so many milliseconds
 * @param p99 of a hundred messages 99 took at most so many milliseconds
 * @param fault what makes it void
 */
record RabbitSample(double perSecond, double cpuMicros, double p50, double p99, @Nullable String fault) {

	static final List<Column<RabbitSample>> COLUMNS = List.of(
			new Column<>("messages/s", "%,.0f", RabbitSample::perSecond),
			new Column<>("application CPU µs a message", "%.0f", RabbitSample::cpuMicros),
			new Column<>("p50 ms", "%.2f", RabbitSample::p50), new Column<>("p99 ms", "%.2f", RabbitSample::p99));

	static RabbitSample of(Sample sample) {
		return new RabbitSample(sample.perSecond(), sample.cpuMicros(), sample.millis(50), sample.millis(99),
				sample.fault());
	}

	/** What was received, and how long it took. */
	static RabbitSample of(PerfTest test) {
		return new RabbitSample(test.receivedPerSecond(), Double.NaN, test.medianMillis(), test.p99Millis(), null);
	}

	/** What was published, and consumed by nobody. */
	static RabbitSample ofRate(double perSecond) {
		return new RabbitSample(perSecond, Double.NaN, Double.NaN, Double.NaN, null);
	}

	@Override
	public String toString() {
		return (this.fault != null) ? "VOID: " + this.fault : "%,.0f/s, %.0f µs of CPU each, p50 %.2f p99 %.2f ms"
			.formatted(this.perSecond, this.cpuMicros, this.p50, this.p99);
	}

}
