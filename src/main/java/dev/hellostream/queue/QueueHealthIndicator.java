package dev.hellostream.queue;

import java.util.Locale;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Shows the queue in the health group {@code broker}. {@link QueueStatus#WAITING} is not
 * a status of Spring Boot, and affects that group only: one fault of the broker must not
 * take every instance out of service.
 */
@Component
class QueueHealthIndicator implements HealthIndicator {

	private final QueueWatch queue;

	QueueHealthIndicator(QueueWatch queue) {
		this.queue = queue;
	}

	@Override
	public Health health() {
		QueueStatus status = this.queue.status();
		String deadLetterProblem = this.queue.deadLetterProblem();
		return Health.status(status.isAvailable() ? Status.UP : QueueStatus.WAITING)
			.withDetail("name", status.queue())
			.withDetail("state", status.state().name().toLowerCase(Locale.ROOT))
			.withDetail("consumers", status.consumers())
			.withDetail("messages", status.messages())
			.withDetail("detail",
					(deadLetterProblem != null) ? status.detail() + " " + deadLetterProblem : status.detail())
			.build();
	}

}
