package dev.hellostream.amqp;

/**
 * The message was surely not taken: it may be published again without fear of a
 * duplicate. The message says why, in a sentence for the caller of an API.
 */
public class NotPublishedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message one sentence that says why
	 */
	public NotPublishedException(String message) {
		// Thousands at a time when the broker is down: no stack trace, it would show this
		// package only.
		super(message, null, false, false);
	}

}
