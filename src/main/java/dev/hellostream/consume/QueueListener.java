package dev.hellostream.consume;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

import com.rabbitmq.client.Channel;
import dev.hellostream.broker.PublishSettings;
import dev.hellostream.consume.DeadLetters.Reason;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Appends every delivery to the log, in the order of delivery, and acknowledges it when
 * that is done. What cannot be appended goes to the dead letters first.
 */
@Component
class QueueListener implements ChannelAwareMessageListener, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(QueueListener.class);

	private static final Duration LAST_ACKNOWLEDGEMENT = Duration.ofSeconds(2);

	private final MessageLog log;

	private final DeadLetters deadLetters;

	private final DeliveryMemory memory;

	private final long largest;

	private final ReceivedLines lines;

	private final DeliveryTimes times;

	private final DeliveryConverter converter = new DeliveryConverter(Clock.systemUTC());

	private final ExecutorService acknowledger = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "acknowledge");
		thread.setDaemon(true);
		return thread;
	});

	private volatile @Nullable Acknowledgements acknowledgements;

	private volatile boolean finishing;

	private final LongAdder received = new LongAdder();

	private final LongAdder redelivered = new LongAdder();

	QueueListener(MessageLog log, DeadLetters deadLetters, DeliveryMemory memory, PublishSettings settings,
			ReceivedLines lines, DeliveryTimes times) {
		this.log = log;
		this.deadLetters = deadLetters;
		this.memory = memory;
		this.largest = settings.maxSize().toBytes();
		this.lines = lines;
		this.times = times;
	}

	/**
	 * Called by the container's one consumer thread. Returns at once, unless the
	 * application ends; prefetch count and {@link DeliveryMemory} bound what is under
	 * way.
	 */
	@Override
	public void onMessage(Message delivery, @Nullable Channel channel) {
		if (channel == null) {
			throw new IllegalArgumentException("Deliveries are acknowledged here: the container must give the channel");
		}
		Acknowledgements acknowledgements = acknowledgements(channel);
		Runnable settled = acknowledgements.expect(delivery.getMessageProperties().getDeliveryTag());
		this.received.increment();
		if (Boolean.TRUE.equals(delivery.getMessageProperties().getRedelivered())) {
			this.redelivered.increment();
		}
		this.lines.received(delivery.getBody());
		carry(delivery)
			.doFinally((signal) -> this.memory.release(delivery.getMessageProperties().getConsumerTag(),
					delivery.getBody().length))
			.subscribe(null, (ex) -> logger.error("A delivery was neither appended nor put away", ex), settled);
		if (this.finishing) {
			await(acknowledgements);
		}
	}

	/**
	 * Give what is under way a moment to be acknowledged before the container closes the
	 * channel: the broker would deliver it again.
	 */
	@EventListener(ContextClosedEvent.class)
	void finish() {
		this.finishing = true;
		this.memory.open();
		Acknowledgements current = this.acknowledgements;
		if (current != null) {
			await(current);
		}
	}

	private void await(Acknowledgements acknowledgements) {
		try {
			acknowledgements.await(LAST_ACKNOWLEDGEMENT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Mono<Void> carry(Message delivery) {
		int size = delivery.getBody().length;
		if (size > this.largest) {
			return this.deadLetters.publish(delivery, Reason.TOO_LARGE,
					"the message has %d bytes, more than the %d that are carried".formatted(size, this.largest));
		}
		return append(delivery).then()
			.onErrorResume(
					(ex) -> this.deadLetters.publish(delivery, Reason.NOT_STORABLE, String.valueOf(ex.getMessage())));
	}

	private Mono<Position> append(Message delivery) {
		return Mono.defer(() -> {
			ReceivedMessage message = this.converter.convert(delivery);
			this.times.received(message);
			long start = System.nanoTime();
			return this.log.append(message).doOnSuccess((position) -> this.times.appended(start));
		});
	}

	long received() {
		return this.received.sum();
	}

	long redelivered() {
		return this.redelivered.sum();
	}

	/** How many deliveries of the current channel are not acknowledged. */
	int unacknowledged() {
		Acknowledgements current = this.acknowledgements;
		return (current != null) ? current.size() : 0;
	}

	private Acknowledgements acknowledgements(Channel channel) {
		Acknowledgements current = this.acknowledgements;
		if (current == null || !current.isFor(channel)) {
			// A new consumer after a lost connection: the old tags mean nothing any more.
			current = new Acknowledgements(channel, this.acknowledger);
			this.acknowledgements = current;
		}
		return current;
	}

	@Override
	public void destroy() {
		this.acknowledger.shutdown();
	}

}
