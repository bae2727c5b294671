package dev.hellostream.start;

import org.jspecify.annotations.Nullable;

/**
 * Ends the start. Only its message is shown, without a stack trace.
 */
public class StartFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create a failure that ends the start.
	 * @param message what is wrong, and the next step
	 * @param cause the underlying failure, if there is one
	 */
	public StartFailure(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	/**
	 * Create a failure that ends the start.
	 * @param message what is wrong, and the next step
	 */
	public StartFailure(String message) {
		this(message, null);
	}

}
