package dev.hellostream.queue;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The queue that the application consumes.
 *
 * @param name Name of the queue to consume and to publish to. An existing queue is used
 * as it is, a missing one is declared.
 * @param bind Exchange and routing key, as exchange/routing.key, to watch without taking
 * messages from other consumers: a queue of the application's own is bound there and
 * consumed instead. Unset by default.
 */
@ConfigurationProperties("hello-stream.queue")
@Validated
public record QueueSettings(@DefaultValue("hello") @NotBlank @Size(max = 200) String name,
		@Nullable @Pattern(regexp = "[^/]+/.*", message = "must be exchange/routing.key") String bind) {

	/**
	 * Return the exchange to publish to, so that messages reach the queue.
	 * @return the exchange of {@code bind}, or the default exchange
	 */
	public String exchange() {
		return (this.bind != null) ? this.bind.substring(0, this.bind.indexOf('/')) : "";
	}

	/**
	 * Return the routing key to publish with, so that messages reach the queue.
	 * @return the routing key of {@code bind}, or the queue's name
	 */
	public String routingKey() {
		return (this.bind != null) ? this.bind.substring(this.bind.indexOf('/') + 1) : this.name;
	}

	/**
	 * Return the dead-letter queue, for poison and oversize messages.
	 * @return its name
	 */
	public String deadLetterQueue() {
		return this.name + ".dead";
	}

}
