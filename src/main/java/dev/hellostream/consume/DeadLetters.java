package dev.hellostream.consume;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import dev.hellostream.amqp.ConfirmingPublisher;
import dev.hellostream.amqp.Publication;
import dev.hellostream.amqp.TooLargeException;
import dev.hellostream.amqp.UnencodableException;
import dev.hellostream.queue.QueueSettings;
import dev.hellostream.queue.QueueWatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.stereotype.Component;

/**
 * Publishes a message to the dead-letter queue if it cannot be appended to the log: with
 * the whole body, or with none if that exceeds the broker's limit, and with bounded
 * headers, which include the reason and the origin.
 */
@Component
class DeadLetters {

	static final String REASON = "x-hello-stream-reason";

	static final String ORIGIN = "x-hello-stream-origin";

	private static final Set<String> LEFT_OUT = Set.of(ConfirmingPublisher.PUBLISH_HEADER);

	private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

	private static final int LONGEST_SHORT_STRING = 255;

	private final AtomicBoolean waiting = new AtomicBoolean();

	private final ConfirmingPublisher publisher;

	private final QueueSettings queue;

	private final QueueWatch source;

	private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

	DeadLetters(ConfirmingPublisher publisher, QueueSettings queue, QueueWatch source) {
		this.publisher = publisher;
		this.queue = queue;
		this.source = source;
		for (Reason reason : Reason.values()) {
			this.counts.put(reason, new LongAdder());
		}
	}

	/** The number of messages published for a reason. */
	long count(Reason reason) {
		return adder(reason).sum();
	}

	private LongAdder adder(Reason reason) {
		return Objects.requireNonNull(this.counts.get(reason));
	}

	/**
	 * Publish a message to the dead-letter queue. Until it is confirmed, attempts are
	 * repeated at intervals that grow to 30 s, and the delivery is not acknowledged.
	 * @param delivery the delivery
	 * @param reason why it cannot be appended
	 * @param detail the reason in one sentence for people
	 * @return completes when the dead-letter queue has the message
	 */
	Mono<Void> publish(Delivery delivery, Reason reason, String detail) {
		return publish(delivery, detail)
			.onErrorResume(TooLargeException.class,
					(ex) -> publish(withoutBody(delivery), withoutBody(delivery, detail)))
			.doOnError(this::reportOnce)
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(30)))
			.doOnSuccess((done) -> {
				this.waiting.set(false);
				adder(reason).increment();
				logger.warn("A message was moved to {}: {}", this.queue.deadLetterQueue(), detail);
			});
	}

	/**
	 * Publish a message above the broker's limit as {@link #publish} does, without the
	 * body.
	 * @param delivery the delivery
	 * @param detail the broker's words
	 * @return completes when the dead-letter queue has the message
	 */
	Mono<Void> publishWithoutBody(Delivery delivery, String detail) {
		return publish(withoutBody(delivery), Reason.TOO_LARGE, withoutBody(delivery, detail));
	}

	private static Delivery withoutBody(Delivery delivery) {
		return new Delivery(delivery.getEnvelope(), delivery.getProperties(), new byte[0]);
	}

	private static String withoutBody(Delivery delivery, String detail) {
		return "%s (its body of %d bytes is left out)".formatted(detail, delivery.getBody().length);
	}

	private Mono<Void> publish(Delivery delivery, String detail) {
		return publish(delivery.getProperties(), detail, delivery.getBody())
			// The name of a header can have grown too, see fitting.
			.onErrorResume(UnencodableException.class,
					(ex) -> publish(new BasicProperties(), detail, delivery.getBody()));
	}

	private Mono<Void> publish(BasicProperties properties, String detail, byte[] body) {
		return this.publisher
			.publish(new Publication("", this.queue.deadLetterQueue(), properties(properties, detail), body));
	}

	/** Logged once, since hundreds can wait, and each is retried. */
	private void reportOnce(Throwable failure) {
		if (!this.waiting.getAndSet(true)) {
			logger.warn("Messages wait to be moved to {}: {}", this.queue.deadLetterQueue(), failure.getMessage());
		}
	}

	private BasicProperties properties(BasicProperties properties, String detail) {
		Map<String, Object> headers = new HashMap<>();
		if (properties.getHeaders() != null) {
			headers.putAll(BoundedHeaders.copyOf(properties.getHeaders(), LEFT_OUT));
		}
		headers.put(REASON, detail);
		headers.put(ORIGIN, this.source.name());
		return properties.builder()
			.messageId(fitting(properties.getMessageId()))
			.contentType(fitting(properties.getContentType()))
			.contentEncoding(fitting(properties.getContentEncoding()))
			.correlationId(fitting(properties.getCorrelationId()))
			.replyTo(fitting(properties.getReplyTo()))
			.type(fitting(properties.getType()))
			.appId(fitting(properties.getAppId()))
			// The broker would refuse another user's, and remove an expired message.
			.userId(null)
			.expiration(null)
			.deliveryMode(2)
			.headers(headers)
			.build();
	}

	/**
	 * Drop a text that AMQP cannot carry: octets that are not UTF-8 were replaced by
	 * longer ones when they were decoded.
	 */
	private static @Nullable String fitting(@Nullable String text) {
		boolean fits = text == null || text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_SHORT_STRING;
		return fits ? text : null;
	}

	/**
	 * Why a message cannot be appended.
	 */
	enum Reason {

		/** It exceeds the limit of the application or the broker. */
		TOO_LARGE,

		/** The log cannot store it. */
		NOT_STORABLE,

		/** Its headers cannot be decoded. */
		UNDECODABLE,

		/** It was returned so often that the broker is about to drop it. */
		RETURNED;

		String tag() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
