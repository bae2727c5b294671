package dev.hellostream.broker;

import java.util.Locale;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Shows the queue in the health group {@code broker}. {@link #WAITING} is no status of
 * Spring Boot's and counts in that group only: one fault of the broker must not take
 * every instance out of service.
 */
class QueueHealthIndicator implements HealthIndicator {

	static final Status WAITING = new Status("WAITING");

	private final AdoptedQueue queue;

	QueueHealthIndicator(AdoptedQueue queue) {
		this.queue = queue;
	}

	@Override
	public Health health() {
		QueueStatus status = this.queue.status();
		String deadLetterProblem = this.queue.deadLetterProblem();
		return Health.status(status.isAvailable() ? Status.UP : WAITING)
			.withDetail("name", status.queue())
			.withDetail("state", status.state().name().toLowerCase(Locale.ROOT))
			.withDetail("consumers", status.consumers())
			.withDetail("messages", status.messages())
			.withDetail("detail",
					(deadLetterProblem != null) ? status.detail() + " " + deadLetterProblem : status.detail())
			.build();
	}

}
