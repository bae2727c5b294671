package dev.hellostream.amqp;

/**
 * The message cannot be encoded as AMQP 0-9-1, so publishing it again fails as well.
 */
public class UnencodableException extends NotPublishedException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message one sentence with the reason
	 */
	public UnencodableException(String message) {
		super(message);
	}

}
