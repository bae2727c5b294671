package dev.hellostream.consume;

import dev.hellostream.queue.QueueStatus;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Shows in the health group {@code broker} whether waiting messages are consumed.
 */
@Component
class ConsumeHealthIndicator implements HealthIndicator {

	private final QueueConsumer consumer;

	ConsumeHealthIndicator(QueueConsumer consumer) {
		this.consumer = consumer;
	}

	@Override
	public Health health() {
		String problem = this.consumer.problem();
		return Health.status((problem != null) ? QueueStatus.WAITING : Status.UP)
			.withDetail("skipped", this.consumer.skipped())
			.withDetail("detail", (problem != null) ? problem : "Messages are delivered.")
			.build();
	}

}
