package dev.hellostream.consume;

import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.broker.AdoptedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.listener.ConsumeOkEvent;
import org.springframework.amqp.rabbit.listener.ListenerContainerConsumerFailedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * Says once that the queue is there and cannot be consumed, which nobody else would say.
 * Of a broker or a queue that is gone {@link AdoptedQueue} tells.
 */
@Component
class ListenerTrouble {

	private static final Logger logger = LoggerFactory.getLogger(ListenerTrouble.class);

	/** About ten seconds: the queue has been looked at again by then. */
	private static final int MANY = 6;

	private final AdoptedQueue queue;

	private int failures;

	private boolean told;

	ListenerTrouble(AdoptedQueue queue) {
		this.queue = queue;
	}

	@EventListener
	synchronized void failed(ListenerContainerConsumerFailedEvent event) {
		logger.debug("The listener failed: {}", event.getReason(), event.getThrowable());
		if (!this.queue.status().isAvailable()) {
			this.failures = 0;
		}
		else if (++this.failures >= MANY && !this.told) {
			this.told = true;
			logger.warn("Queue '{}' is there and cannot be consumed, trying again: {}", this.queue.name(),
					words(event));
		}
	}

	@EventListener
	synchronized void consuming(ConsumeOkEvent event) {
		if (this.told) {
			logger.info("Queue '{}' is consumed again", this.queue.name());
		}
		this.told = false;
		this.failures = 0;
	}

	private static String words(ListenerContainerConsumerFailedEvent event) {
		Throwable failure = event.getThrowable();
		if (failure == null) {
			return String.valueOf(event.getReason());
		}
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		return String
			.valueOf((cause instanceof ShutdownSignalException signal) ? signal.getReason() : cause.getMessage());
	}

}
