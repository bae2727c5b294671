package dev.hellostream.publish;

import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.queue.QueueStatus;
import dev.hellostream.queue.QueueWatch;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Shows in the health group {@code broker} whether a message would be accepted. It would
 * not without a connection, without the queue or exchange, without permission, or during
 * an alarm. RabbitMQ reports an alarm only to connections that publish, so {@code UP} is
 * no guarantee.
 */
@Component
class PublishHealthIndicator implements HealthIndicator {

	private final ConfirmingPublisher publisher;

	private final QueueWatch queue;

	PublishHealthIndicator(ConfirmingPublisher publisher, QueueWatch queue) {
		this.publisher = publisher;
		this.queue = queue;
	}

	@Override
	public Health health() {
		String problem = problem();
		return Health.status((problem != null) ? QueueStatus.WAITING : Status.UP)
			.withDetail("outstanding", this.publisher.outstanding())
			.withDetail("detail", (problem != null) ? problem : "The broker is connected, and no alarm is known.")
			.build();
	}

	private @Nullable String problem() {
		QueueStatus status = this.queue.status();
		return switch (status.state()) {
			case UNKNOWN, UNREACHABLE, MISSING -> status.detail();
			case ADOPTED, DECLARED, REFUSED -> this.publisher.problem();
		};
	}

}
