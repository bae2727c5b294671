package dev.hellostream.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs lost connections only for debugging: the users of a connection report its loss,
 * once. The AMQP client would log each connection and attempt, some with a stack trace.
 */
final class QuietExceptionHandler extends ForgivingExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(QuietExceptionHandler.class);

	@Override
	public void handleUnexpectedConnectionDriverException(Connection connection, Throwable exception) {
		logger.debug("A connection is lost", exception);
	}

}
