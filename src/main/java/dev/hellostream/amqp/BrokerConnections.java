package dev.hellostream.amqp;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.util.Assert;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Opens connections for one consumer each: with a RabbitMQ stream, one error closes the
 * whole connection, and nothing is read from a connection while its consumer waits.
 */
public interface BrokerConnections {

	/**
	 * Open a connection without automatic recovery. Blocks. Its consumer runs on the
	 * thread that reads the socket, so a slow consumer slows the broker down.
	 * @param name the connection's name, which the broker shows
	 * @return an open connection
	 * @throws IOException if the broker cannot be reached or refuses the connection
	 * @throws TimeoutException if the broker does not answer
	 */
	Connection open(String name) throws IOException, TimeoutException;

	/**
	 * The addresses of the broker in one line.
	 * @param details the connection details of Spring Boot
	 * @return {@code host:port,host:port}
	 */
	static String addresses(RabbitConnectionDetails details) {
		return details.getAddresses()
			.stream()
			.map((address) -> address.host() + ":" + address.port())
			.collect(Collectors.joining(","));
	}

	/**
	 * Create a back-off for attempts to reach the broker: 100 ms, doubled after each
	 * failure, at most 5 s. After a success, create a new one.
	 * @return the delays in milliseconds, not safe for use by several threads
	 */
	static BackOffExecution backOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(100, 2);
		backOff.setMaxInterval(5_000);
		return backOff.start();
	}

	/**
	 * The connection of Spring's connection factory, opened if necessary. Blocks.
	 * @param connections the factory
	 * @return an open connection
	 * @throws AmqpException if the broker cannot be reached or refuses the connection
	 */
	static Connection connection(ConnectionFactory connections) {
		Connection connection = connections.createConnection().getDelegate();
		Assert.state(connection != null, "No connection");
		return connection;
	}

	/**
	 * Open a channel. Blocks.
	 * @param connection an open connection
	 * @return an open channel
	 * @throws IOException if no channel is free, or the connection is lost meanwhile
	 */
	static Channel channel(Connection connection) throws IOException {
		Channel channel = connection.createChannel();
		if (channel == null) {
			throw new IOException("No channel is free on the connection");
		}
		return channel;
	}

	/**
	 * Remove the user, the virtual host and further details of the installation from the
	 * broker's words. The name of the refused queue or exchange can remain.
	 * @param description a result of {@link #describe}, or a sentence that ends with one
	 * in parentheses
	 * @return the part that any client may see
	 */
	static String forAnybody(String description) {
		return description.contains(AMQP.PRECONDITION_FAILED + " PRECONDITION_FAILED")
				? description.replaceAll(" in vhost '[^']*'", "") : description.replaceFirst("(?s) - .*?(\\)?)$", "$1");
	}

	/**
	 * The broker's words, which the AMQP client hides in the causes. If access is
	 * refused, they name the missing permission, also where RabbitMQ does not.
	 * @param failure an exception of the AMQP client
	 * @return the broker's words, or else those of the exception
	 * @see <a href="https://www.rabbitmq.com/docs/access-control#authorisation">How
	 * permissions work</a>
	 */
	static String describe(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ShutdownSignalException signal) {
				if (signal.getReason() instanceof AMQP.Channel.Close close) {
					return BrokerRefusal.describe(close);
				}
				if (signal.getReason() instanceof AMQP.Connection.Close close) {
					return close.getReplyCode() + " " + close.getReplyText();
				}
			}
		}
		// The message is the host name, which must not be public.
		String message = (failure instanceof UnknownHostException) ? null : failure.getMessage();
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

}
