package dev.hellostream.amqp;

/**
 * The message was sent and its fate is unknown: published again, it may be there twice.
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
