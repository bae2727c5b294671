package dev.hellostream.queue;

import dev.hellostream.queue.QueueStatus.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/**
 * Meters of the queue, and of the connection to its broker.
 */
@Component
class QueueMetrics implements MeterBinder {

	private final QueueWatch queue;

	QueueMetrics(QueueWatch queue) {
		this.queue = queue;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("hello.stream.broker.connected", this.queue, (queue) -> isConnected(queue.status()) ? 1 : 0)
			.description("1 if the broker could be reached when the queue was last inspected")
			.register(registry);
		Gauge.builder("hello.stream.queue.available", this.queue, (queue) -> queue.status().isAvailable() ? 1 : 0)
			.description("1 if the queue could be consumed when it was last inspected")
			.register(registry);
		Gauge.builder("hello.stream.queue.consumers", this.queue, (queue) -> queue.status().consumers())
			.description("Consumers of the queue, this application's included")
			.register(registry);
		Gauge.builder("hello.stream.queue.messages", this.queue, (queue) -> queue.status().messages())
			.description("Messages that wait in the queue")
			.register(registry);
	}

	private static boolean isConnected(QueueStatus status) {
		return status.state() != State.UNREACHABLE && status.state() != State.UNKNOWN;
	}

}
