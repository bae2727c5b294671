package dev.hellostream.amqp;

/**
 * The message is larger than what the broker is configured to take
 * (<a href="https://www.rabbitmq.com/docs/configure#config-items">max_message_size</a>),
 * now or later.
 */
public class TooLargeException extends NotPublishedException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message one sentence that says why
	 */
	public TooLargeException(String message) {
		super(message);
	}

}
