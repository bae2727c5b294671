package dev.hellostream.amqp;

/**
 * The message cannot be written as AMQP 0-9-1, now or later.
 */
public class UnencodableException extends NotPublishedException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message one sentence that says why
	 */
	public UnencodableException(String message) {
		super(message);
	}

}
