package dev.hellostream.log;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of a log: its extent in memory, its limits, and its hidden entries.
 */
final class LogMetrics implements MeterBinder {

	private final MessageLog log;

	private final LogSettings settings;

	LogMetrics(MessageLog log, LogSettings settings) {
		this.log = log;
		this.settings = settings;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("hello.stream.log.offset.first", this.log, (log) -> log.tail().extent().first())
			.description("Offset of the oldest entry in memory")
			.register(registry);
		Gauge.builder("hello.stream.log.offset.last", this.log, (log) -> log.tail().extent().last())
			.description("Offset of the newest entry in memory")
			.register(registry);
		Gauge.builder("hello.stream.log.entries", this.log, (log) -> log.tail().extent().entries())
			.description("Entries in memory")
			.register(registry);
		Gauge.builder("hello.stream.log.entries.max", this.settings, LogSettings::maxEntries)
			.description("Entries that can be in memory")
			.register(registry);
		Gauge.builder("hello.stream.log.used", this.log, (log) -> log.tail().extent().bytes())
			.description("Heap of the entries in memory, approximately")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		Gauge.builder("hello.stream.log.max", this.settings, (settings) -> settings.maxBytes().toBytes())
			.description("Heap that the entries in memory may use")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		FunctionCounter.builder("hello.stream.log.duplicates", this.log, MessageLog::hidden)
			.description("Entries that were hidden because they repeat another")
			.register(registry);
	}

}
