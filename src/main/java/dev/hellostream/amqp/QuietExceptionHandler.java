package dev.hellostream.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves it to those who use a connection to say that it is lost, once. The AMQP client
 * would say it for each connection and attempt, for some reasons with a stack trace.
 */
final class QuietExceptionHandler extends ForgivingExceptionHandler {

	private static final Logger logger = LoggerFactory.getLogger(QuietExceptionHandler.class);

	@Override
	public void handleUnexpectedConnectionDriverException(Connection connection, Throwable exception) {
		logger.debug("A connection is lost", exception);
	}

}
