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
 * Publishes what cannot be carried to the dead-letter queue: the body whole, or not at
 * all if the broker does not take one so large, the headers as far as they are bounded,
 * with the reason and the origin among them.
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

	/** How many messages were put away for a reason. */
	long count(Reason reason) {
		return adder(reason).sum();
	}

	private LongAdder adder(Reason reason) {
		return Objects.requireNonNull(this.counts.get(reason));
	}

	/**
	 * Put a message away. Until that has been confirmed it is tried again, at longer and
	 * longer intervals, without end: the delivery is not acknowledged before.
	 * @param delivery what was delivered
	 * @param reason why it cannot be carried
	 * @param detail the same for people, one sentence
	 * @return completes when the dead-letter queue has it
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
				logger.warn("Put a message into {}: {}", this.queue.deadLetterQueue(), detail);
			});
	}

	/**
	 * Put away what is larger than what the broker takes, as {@link #publish} does.
	 * @param delivery what was delivered
	 * @param detail the broker's words
	 * @return completes when the dead-letter queue has it
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
			// A header's name can have grown as well.
			.onErrorResume(UnencodableException.class,
					(ex) -> publish(new BasicProperties(), detail, delivery.getBody()));
	}

	private Mono<Void> publish(BasicProperties properties, String detail, byte[] body) {
		return this.publisher
			.publish(new Publication("", this.queue.deadLetterQueue(), properties(properties, detail), body));
	}

	/** Hundreds can wait, and each tries again. */
	private void reportOnce(Throwable failure) {
		if (!this.waiting.getAndSet(true)) {
			logger.warn("Messages wait to be put into {}: {}", this.queue.deadLetterQueue(), failure.getMessage());
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
			// The broker would refuse another user's, and remove what has expired.
			.userId(null)
			.expiration(null)
			.deliveryMode(2)
			.headers(headers)
			.build();
	}

	/**
	 * Octets that are no UTF-8 have grown since they came, perhaps beyond what AMQP
	 * takes.
	 */
	private static @Nullable String fitting(@Nullable String text) {
		boolean fits = text == null || text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_SHORT_STRING;
		return fits ? text : null;
	}

	/**
	 * Why a message cannot be carried.
	 */
	enum Reason {

		/** It has more bytes than are carried. */
		TOO_LARGE,

		/** The log cannot store it. */
		NOT_STORABLE,

		/** Its headers cannot be decoded. */
		UNDECODABLE,

		/** It came back so often that the broker is about to drop it. */
		RETURNED;

		String tag() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
