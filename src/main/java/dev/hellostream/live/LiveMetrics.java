package dev.hellostream.live;

import dev.hellostream.log.CatchUpPermits;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/**
 * The counts of {@link LiveStreams} as meters.
 */
@Component
class LiveMetrics implements MeterBinder {

	private static final String SUBSCRIBERS = "hello.stream.sse.subscribers";

	private final LiveStreams streams;

	private final LiveSettings settings;

	private final CatchUpPermits permits;

	private final ChunkMemory memory;

	LiveMetrics(LiveStreams streams, LiveSettings settings) {
		this.streams = streams;
		this.settings = settings;
		this.permits = streams.source().permits();
		this.memory = streams.source().memory();
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		bindSubscribers(registry);
		bindDeliveries(registry);
		bindMemory(registry);
	}

	private void bindSubscribers(MeterRegistry registry) {
		String description = "Live streams that are open";
		Gauge.builder(SUBSCRIBERS, this, LiveMetrics::live)
			.tag("state", "live")
			.description(description)
			.register(registry);
		Gauge.builder(SUBSCRIBERS, this.permits, CatchUpPermits::taken)
			.tag("state", "catching-up")
			.description(description)
			.register(registry);
		Gauge.builder(SUBSCRIBERS, this.permits, CatchUpPermits::waiting)
			.tag("state", "waiting")
			.description(description)
			.register(registry);
		Gauge.builder("hello.stream.sse.subscribers.max", this.settings, LiveSettings::maxSubscribers)
			.description("Live streams that can be open")
			.register(registry);
		Gauge.builder("hello.stream.sse.readers.max", this.permits, CatchUpPermits::permits)
			.description("Subscribers that can catch up at a time")
			.register(registry);
	}

	private void bindDeliveries(MeterRegistry registry) {
		FunctionCounter
			.builder("hello.stream.sse.deliveries", this.streams, (streams) -> streams.sum(DeliveryCounts::entries))
			.description("Entries that were written to subscribers")
			.register(registry);
		FunctionCounter.builder("hello.stream.sse.sent", this.streams, (streams) -> streams.sum(DeliveryCounts::bytes))
			.description("Bytes that were written to subscribers, heartbeats included")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		FunctionCounter.builder("hello.stream.sse.gaps", this.streams, LiveStreams::gaps)
			.description("Gaps that were reported to subscribers")
			.register(registry);
		FunctionCounter.builder("hello.stream.sse.stalled", this.streams, LiveStreams::stalled)
			.description("Subscribers that were disconnected because they read nothing")
			.register(registry);
		FunctionCounter.builder("hello.stream.sse.catchups", this.permits, CatchUpPermits::asked)
			.description("Turns of reading the log for subscribers that catch up")
			.register(registry);
	}

	private void bindMemory(MeterRegistry registry) {
		Gauge.builder("hello.stream.sse.chunks.used", this.memory, ChunkMemory::used)
			.description("Direct memory of the chunks that are being written to subscribers")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		Gauge.builder("hello.stream.sse.chunks.max", this.memory, ChunkMemory::limit)
			.description("Direct memory above which subscribers that read nothing are disconnected after a second")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
	}

	/** Return the number of subscribers that neither read the log nor wait for it. */
	private int live() {
		return Math.max(0, this.streams.subscribers() - this.permits.taken() - this.permits.waiting());
	}

}
