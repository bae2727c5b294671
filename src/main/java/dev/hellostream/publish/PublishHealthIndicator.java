package dev.hellostream.publish;

import java.util.Optional;

import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.queue.QueueHealthIndicator;
import dev.hellostream.queue.QueueStatus;
import dev.hellostream.queue.QueueWatch;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Shows in the health group {@code broker} whether a message would be taken. It would not
 * be without a connection, without a place to go to, and during an alarm. RabbitMQ tells
 * of an alarm only a connection that publishes, so {@code UP} promises no more than an
 * attempt.
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
		Optional<String> trouble = trouble();
		return Health.status(trouble.isEmpty() ? Status.UP : QueueHealthIndicator.WAITING)
			.withDetail("outstanding", this.publisher.outstanding())
			.withDetail("detail", trouble.orElse("The broker is connected, and no alarm is known."))
			.build();
	}

	private Optional<String> trouble() {
		QueueStatus status = this.queue.status();
		return switch (status.state()) {
			case UNKNOWN, UNREACHABLE, MISSING -> Optional.of(status.detail());
			case ADOPTED, DECLARED, REFUSED -> this.publisher.problem();
		};
	}

}
