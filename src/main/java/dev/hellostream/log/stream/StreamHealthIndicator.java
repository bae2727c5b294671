package dev.hellostream.log.stream;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Reports in the health group {@code broker} whether the RabbitMQ stream is read. As for
 * the queue, the status counts in that group only.
 */
final class StreamHealthIndicator implements HealthIndicator {

	private static final Status WAITING = new Status("WAITING");

	private final String stream;

	private final StreamTailReader reader;

	StreamHealthIndicator(String stream, StreamTailReader reader) {
		this.stream = stream;
		this.reader = reader;
	}

	@Override
	public Health health() {
		String problem = this.reader.problem();
		return Health.status((problem != null) ? WAITING : Status.UP)
			.withDetail("name", this.stream)
			.withDetail("detail", (problem != null) ? problem : "The RabbitMQ stream is read.")
			.build();
	}

}
