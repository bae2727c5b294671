package dev.hellostream.log.stream;

import dev.hellostream.log.CatchUpPermits;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters that only a log in a RabbitMQ stream has.
 */
final class StreamMetrics implements MeterBinder {

	private final RabbitStreamMessageLog log;

	StreamMetrics(RabbitStreamMessageLog log) {
		this.log = log;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge
			.builder("hello.stream.log.available", this.log.tailReader(),
					(reader) -> (reader.problem() == null) ? 1 : 0)
			.description("1 while the stream is read")
			.register(registry);
		Gauge.builder("hello.stream.log.appends", this.log.appender(), StreamAppender::pending)
			.description("Appends that were not read back yet")
			.register(registry);
		FunctionCounter.builder("hello.stream.log.tail.received", this.log.streamTail(), StreamTail::received)
			.description("Entries that were read to follow the end of the stream, from the start on")
			.register(registry);
		FunctionCounter.builder("hello.stream.log.catchups", this.log.history().permits(), CatchUpPermits::asked)
			.description("Times that somebody had to read from the broker what memory does not hold")
			.register(registry);
		Gauge.builder("hello.stream.log.catchups.open", this.log.history().permits(), CatchUpPermits::taken)
			.description("Those that read from the broker at present")
			.register(registry);
		Gauge.builder("hello.stream.log.catchups.max", this.log.history().permits(), CatchUpPermits::permits)
			.description("Those that can read from the broker at a time")
			.register(registry);
	}

}
