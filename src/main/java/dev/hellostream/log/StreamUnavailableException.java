package dev.hellostream.log;

import java.io.IOException;
import java.net.UnknownHostException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;

/**
 * The broker has no such stream for this application. The message tells the operator what
 * to do.
 */
final class StreamUnavailableException extends IOException {

	private static final long serialVersionUID = 1L;

	StreamUnavailableException(String message) {
		super(message);
	}

	/**
	 * What the broker said, which the AMQP client hides in the causes.
	 * @param failure what a call of the client has thrown
	 * @return the broker's words, or else those of the exception
	 */
	static String words(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ShutdownSignalException signal) {
				if (signal.getReason() instanceof AMQP.Channel.Close close) {
					return close.getReplyCode() + " " + close.getReplyText();
				}
				if (signal.getReason() instanceof AMQP.Connection.Close close) {
					return close.getReplyCode() + " " + close.getReplyText();
				}
			}
		}
		// Its message is the name of the host, which is not for everybody to see.
		String message = (failure instanceof UnknownHostException) ? null : failure.getMessage();
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

	static String noStream(String name) {
		return "Queue '%s' is no stream: delete it, or set hello-stream.log.stream.name to another name."
			.formatted(name);
	}

}
