package dev.hellostream.publish;

import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.NotPublishedException;
import dev.hellostream.amqp.Publication;
import dev.hellostream.amqp.TooLargeException;
import dev.hellostream.amqp.UnconfirmedException;
import dev.hellostream.queue.QueueSettings;
import dev.hellostream.web.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Publishes to the queue, and maps failures to HTTP problems.
 */
@Component
class QueuePublisher {

	private static final int PERSISTENT = 2;

	private final ConfirmingPublisher publisher;

	private final QueueSettings queue;

	private final PublishOutcomes outcomes;

	private final Clock clock = Clock.systemUTC();

	QueuePublisher(ConfirmingPublisher publisher, QueueSettings queue, PublishOutcomes outcomes) {
		this.publisher = publisher;
		this.queue = queue;
		this.outcomes = outcomes;
	}

	/**
	 * Publish one message. Messages are written in the order of subscription.
	 * @param id the message's id, and the key by which its repetitions are recognised
	 * @param type its content type
	 * @param body the message
	 * @return completes when the message is routed and confirmed; an error is a
	 * {@link ProblemException}: 413 if the message is too large for the broker, 503 if
	 * the broker has certainly not accepted it, 504 if that is unknown
	 */
	Mono<Void> publish(String id, MediaType type, byte[] body) {
		return this.outcomes.measure(() -> this.publisher.publish(publication(id, type, body)))
			.onErrorMap((ex) -> problem(id, ex));
	}

	/**
	 * Publish one message of many. While the broker accepts none because it is out of
	 * resources, this waits.
	 * @param id as for {@link #publish}
	 * @param type as for {@link #publish}
	 * @param body as for {@link #publish}
	 * @return as for {@link #publish}
	 */
	Mono<Void> publishPatiently(String id, MediaType type, byte[] body) {
		return this.outcomes.measure(() -> this.publisher.publishPatiently(publication(id, type, body)))
			.onErrorMap((ex) -> problem(id, ex));
	}

	/**
	 * Fail with 503 if it is known that nothing can be published at present.
	 * @return completes if an attempt may succeed
	 */
	Mono<Void> requireUsable() {
		return Mono.defer(() -> Mono.justOrEmpty(this.publisher.refusal()))
			.flatMap((reason) -> Mono.error(notPublished(new NotPublishedException(reason))));
	}

	private Publication publication(String id, MediaType type, byte[] body) {
		Instant now = this.clock.instant();
		AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().messageId(id)
			.contentType(type.toString())
			.deliveryMode(PERSISTENT)
			.timestamp(Date.from(now))
			.headers(Map.of(ConfirmingPublisher.IDEMPOTENCY_KEY, id, ConfirmingPublisher.TIMESTAMP_HEADER,
					now.toEpochMilli()))
			.build();
		return new Publication(this.queue.exchange(), this.queue.routingKey(), properties, body);
	}

	private Throwable problem(String id, Throwable failure) {
		if (failure instanceof TooLargeException) {
			return new ProblemException(HttpStatus.CONTENT_TOO_LARGE,
					failure.getMessage() + " Send less, or raise the broker's max_message_size.", failure);
		}
		if (failure instanceof NotPublishedException ex) {
			return notPublished(ex);
		}
		return (failure instanceof UnconfirmedException ex) ? unconfirmed(id, ex) : failure;
	}

	private ProblemException notPublished(NotPublishedException ex) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE,
				"The message was not published: " + ex.getMessage() + " Send it again.", ex)
			.header(HttpHeaders.RETRY_AFTER, "2");
	}

	private ProblemException unconfirmed(String id, UnconfirmedException ex) {
		return new ProblemException(HttpStatus.GATEWAY_TIMEOUT,
				"It is not known whether the message was published: %s Send it again with Idempotency-Key: %s, and it is shown once."
					.formatted(ex.getMessage(), id),
				ex);
	}

}
