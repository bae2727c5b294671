package dev.hellostream.broker;

import dev.hellostream.broker.QueueStatus.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/**
 * The queue and the way to it, as meters.
 */
@Component
class BrokerMetrics implements MeterBinder {

	private final AdoptedQueue queue;

	private final ConfirmingChannel channel;

	BrokerMetrics(AdoptedQueue queue, ConfirmingChannel channel) {
		this.queue = queue;
		this.channel = channel;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("hello.stream.broker.connected", this.queue, (queue) -> isConnected(queue.status()) ? 1 : 0)
			.description("1 if the broker could be reached when the queue was last looked at")
			.register(registry);
		Gauge.builder("hello.stream.queue.available", this.queue, (queue) -> queue.status().isAvailable() ? 1 : 0)
			.description("1 if the queue could be consumed when it was last looked at")
			.register(registry);
		Gauge.builder("hello.stream.queue.consumers", this.queue, (queue) -> queue.status().consumers())
			.description("Consumers of the queue, this application's included")
			.register(registry);
		Gauge.builder("hello.stream.queue.messages", this.queue, (queue) -> queue.status().messages())
			.description("Messages that wait in the queue")
			.register(registry);
		Gauge.builder("hello.stream.publish.outstanding", this.channel, ConfirmingChannel::outstanding)
			.description("Messages that wait to be written to the broker or to be confirmed by it")
			.register(registry);
		Gauge.builder("hello.stream.publish.blocked", this.channel, (channel) -> channel.isBlocked() ? 1 : 0)
			.description("1 while the broker takes no messages because it is short of memory or disk")
			.register(registry);
	}

	private static boolean isConnected(QueueStatus status) {
		return status.state() != State.UNREACHABLE && status.state() != State.UNKNOWN;
	}

}
