package dev.hellostream.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the watchers of one {@link LoadClient} have received together. Written by the
 * client's thread; the count and the fault can be read by any.
 */
final class Deliveries {

	private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);

	private final Histogram latency = new Histogram(LONGEST_MICROS, 3);

	private final AtomicLong count = new AtomicLong();

	private volatile @Nullable String fault;

	private volatile boolean timed = true;

	void record(long latencyMicros) {
		if (this.timed) {
			this.latency.recordValue(Math.max(0, Math.min(latencyMicros, LONGEST_MICROS)));
		}
		// There is one writer, so this needs no locked instruction.
		this.count.setRelease(this.count.getPlain() + 1);
	}

	/** Whether latency is recorded, or only the count. */
	void timed(boolean timed) {
		this.timed = timed;
	}

	long count() {
		return this.count.getAcquire();
	}

	/** What was missing, repeated or out of order first, if anything was. */
	@Nullable String fault() {
		return this.fault;
	}

	void fault(String fault) {
		if (this.fault == null) {
			this.fault = fault;
		}
	}

	/**
	 * The time from publish to receipt.
	 * @return microseconds; complete when the client has been closed
	 */
	Histogram latency() {
		return this.latency;
	}

}
