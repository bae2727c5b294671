package dev.hellostream.log.stream;

import java.io.IOException;

/**
 * The RabbitMQ stream is not available to this application. The message gives the reason,
 * for the operator.
 */
final class StreamUnavailableException extends IOException {

	private static final long serialVersionUID = 1L;

	StreamUnavailableException(String message) {
		super(message);
	}

	static String noStream(String name) {
		return "Queue '%s' is no RabbitMQ stream: delete it, or set hello-stream.log.stream.name to another name."
			.formatted(name);
	}

}
