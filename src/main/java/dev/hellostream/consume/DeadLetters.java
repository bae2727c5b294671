package dev.hellostream.consume;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import com.rabbitmq.client.AMQP;
import dev.hellostream.broker.ConfirmingChannel;
import dev.hellostream.broker.Publication;
import dev.hellostream.broker.QueueSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.stereotype.Component;

/**
 * Publishes what cannot be carried to the dead-letter queue: the body whole, the headers
 * as far as they are bounded, with the reason and the origin among them.
 */
@Component
class DeadLetters {

	static final String REASON = "x-hello-stream-reason";

	static final String ORIGIN = "x-hello-stream-origin";

	private static final Set<String> LEFT_OUT = Set.of(ConfirmingChannel.PUBLISH_HEADER);

	private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

	private final AtomicBoolean waiting = new AtomicBoolean();

	private final ConfirmingChannel channel;

	private final QueueSettings queue;

	private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

	DeadLetters(ConfirmingChannel channel, QueueSettings queue) {
		this.channel = channel;
		this.queue = queue;
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
	Mono<Void> publish(Message delivery, Reason reason, String detail) {
		MessageProperties properties = delivery.getMessageProperties();
		Publication publication = new Publication("", this.queue.deadLetterQueue(), properties(properties, detail),
				delivery.getBody());
		return this.channel.publish(publication)
			.doOnError(this::reportOnce)
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(30)))
			.doOnSuccess((done) -> {
				this.waiting.set(false);
				adder(reason).increment();
				logger.warn("Put a message into {}: {}", this.queue.deadLetterQueue(), detail);
			});
	}

	/** Hundreds can wait, and each tries again. */
	private void reportOnce(Throwable failure) {
		if (!this.waiting.getAndSet(true)) {
			logger.warn("Messages wait to be put into {}: {}", this.queue.deadLetterQueue(), failure.getMessage());
		}
	}

	private AMQP.BasicProperties properties(MessageProperties properties, String detail) {
		Map<String, Object> headers = new HashMap<>(BoundedHeaders.copyOf(properties.getHeaders(), LEFT_OUT));
		headers.put(REASON, detail);
		headers.put(ORIGIN, String.valueOf(properties.getConsumerQueue()));
		return new AMQP.BasicProperties.Builder().messageId(properties.getMessageId())
			.contentType(properties.getContentType())
			.contentEncoding(properties.getContentEncoding())
			.timestamp(properties.getTimestamp())
			.correlationId(properties.getCorrelationId())
			.replyTo(properties.getReplyTo())
			.type(properties.getType())
			.appId(properties.getAppId())
			.priority(properties.getPriority())
			.deliveryMode(2)
			.headers(headers)
			.build();
	}

	/**
	 * Why a message cannot be carried.
	 */
	enum Reason {

		/** It has more bytes than are carried. */
		TOO_LARGE,

		/** The log cannot store it. */
		NOT_STORABLE;

		String tag() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
