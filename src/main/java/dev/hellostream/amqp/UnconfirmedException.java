package dev.hellostream.amqp;

/**
 * The message was sent and may be stored: publishing it again can create a duplicate.
 */
public class UnconfirmedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message one sentence that says what happened
	 */
	public UnconfirmedException(String message) {
		super(message, null, false, false);
	}

}
