package dev.hellostream.publish;

import dev.hellostream.amqp.ConfirmingPublisher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/**
 * Meters of outstanding publications and of the broker's alarm.
 */
@Component
class PublishMetrics implements MeterBinder {

	private final ConfirmingPublisher publisher;

	PublishMetrics(ConfirmingPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("hello.stream.publish.outstanding", this.publisher, ConfirmingPublisher::outstanding)
			.description("Messages that wait to be written to the broker or to be confirmed by it")
			.register(registry);
		Gauge.builder("hello.stream.publish.blocked", this.publisher, (publisher) -> publisher.isBlocked() ? 1 : 0)
			.description("1 while the broker accepts no messages because it is short of memory or disk")
			.register(registry);
	}

}
