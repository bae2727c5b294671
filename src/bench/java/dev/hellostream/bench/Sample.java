package dev.hellostream.bench;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One measured window of one server.
 *
 * @param deliveries how many messages (or responses) arrived
 * @param usage what it cost
 * @param latency from publish to receipt, in microseconds
 * @param fault what was lost, repeated or out of order, which makes the sample void
 */
record Sample(long deliveries, Usage usage, Histogram latency, @Nullable String fault) {

	double perSecond() {
		return this.deliveries / this.usage.seconds();
	}

	double perCpuSecond() {
		return this.deliveries / this.usage.serverCpu();
	}

	double cpuMicros() {
		return 1e6 * this.usage.serverCpu() / this.deliveries;
	}

	double millis(double percentile) {
		return this.latency.getValueAtPercentile(percentile) / 1000.0;
	}

	@Override
	public String toString() {
		return (this.fault != null) ? "VOID: " + this.fault
				: "%,.0f/s, %.2f µs of server CPU each, p50 %.1f p99 %.1f p99.9 %.1f ms, client %.0f %% of the machine"
					.formatted(perSecond(), cpuMicros(), millis(50), millis(99), millis(99.9),
							100 * this.usage.clientShare());
	}

}
