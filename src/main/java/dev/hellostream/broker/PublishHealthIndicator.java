package dev.hellostream.broker;

import java.util.Optional;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Shows in the health group {@code broker} if nothing can be published, although the
 * queue may be there: the broker can be short of memory or disk. It says so only to those
 * who publish, so that nobody knows before the first message.
 */
class PublishHealthIndicator implements HealthIndicator {

	private final ConfirmingChannel channel;

	PublishHealthIndicator(ConfirmingChannel channel) {
		this.channel = channel;
	}

	@Override
	public Health health() {
		Optional<String> refusal = this.channel.refusal();
		return Health.status(refusal.isEmpty() ? Status.UP : QueueHealthIndicator.WAITING)
			.withDetail("outstanding", this.channel.outstanding())
			.withDetail("detail", refusal.orElse("The broker takes messages."))
			.build();
	}

}
