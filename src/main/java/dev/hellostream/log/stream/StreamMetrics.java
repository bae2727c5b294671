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
			.description("1 while the RabbitMQ stream is read")
			.register(registry);
		Gauge.builder("hello.stream.log.appends", this.log.appender(), StreamAppender::pending)
			.description("Appends that have not been read back yet")
			.register(registry);
		FunctionCounter.builder("hello.stream.log.tail.received", this.log.streamTail(), StreamTail::received)
			.description("Entries that were read from the end of the RabbitMQ stream since the start")
			.register(registry);
		FunctionCounter.builder("hello.stream.log.catchups", this.log.history().permits(), CatchUpPermits::asked)
			.description("Reads of history from the broker")
			.register(registry);
		Gauge.builder("hello.stream.log.catchups.open", this.log.history().permits(), CatchUpPermits::taken)
			.description("Reads of history that are open")
			.register(registry);
		Gauge.builder("hello.stream.log.catchups.max", this.log.history().permits(), CatchUpPermits::permits)
			.description("Reads of history that can be open at a time")
			.register(registry);
	}

}
