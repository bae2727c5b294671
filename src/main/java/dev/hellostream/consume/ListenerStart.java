package dev.hellostream.consume;

import dev.hellostream.broker.QueueAvailable;

import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Begins to consume when the queue is there, and anew when it is there again: the
 * embedded broker does not tell a consumer that its queue has gone.
 */
@Component
class ListenerStart {

	private final SimpleMessageListenerContainer container;

	private boolean closed;

	ListenerStart(SimpleMessageListenerContainer container) {
		this.container = container;
	}

	@EventListener
	synchronized void begin(QueueAvailable event) {
		if (!this.closed) {
			this.container.stop();
			this.container.start();
		}
	}

	@EventListener(ContextClosedEvent.class)
	synchronized void close() {
		this.closed = true;
	}

}
