package dev.hellostream.web;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Ends a request with a problem document
 * (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>) whose {@code detail}
 * tells the caller what to do.
 */
public class ProblemException extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create a problem.
	 * @param status the status of the response
	 * @param detail one or two sentences for the caller: what is wrong, and what to send
	 * instead
	 */
	public ProblemException(HttpStatus status, String detail) {
		this(status, detail, null);
	}

	/**
	 * Create a problem with a cause, which the caller never sees.
	 * @param status the status of the response
	 * @param detail one or two sentences for the caller
	 * @param cause the underlying failure
	 */
	public ProblemException(HttpStatus status, String detail, @Nullable Throwable cause) {
		super(status, ProblemDetail.forStatusAndDetail(status, detail), cause);
	}

	/**
	 * Add a header to the response.
	 * @param name the header's name
	 * @param value its value
	 * @return this problem
	 */
	public ProblemException header(String name, String value) {
		getHeaders().set(name, value);
		return this;
	}

}
