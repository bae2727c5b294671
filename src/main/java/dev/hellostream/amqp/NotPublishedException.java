package dev.hellostream.amqp;

/**
 * The broker certainly did not accept the message, so publishing it again cannot create a
 * duplicate. The exception gives the reason in one sentence for the caller of an API.
 */
public class NotPublishedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message one sentence with the reason
	 */
	public NotPublishedException(String message) {
		// No stack trace: it would show this package only, and thousands of exceptions
		// are created while the broker is down.
		super(message, null, false, false);
	}

}
