package dev.hellostream.amqp;

/**
 * The message is larger than the broker's limit
 * (<a href="https://www.rabbitmq.com/docs/configure#config-items">max_message_size</a>),
 * so publishing it again fails as well.
 */
public class TooLargeException extends NotPublishedException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message one sentence with the reason
	 */
	public TooLargeException(String message) {
		super(message);
	}

}
