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
 * Opens connections for one consumer each: on a stream, one mistake ends the whole
 * connection, and nothing is read from a connection while its consumer waits.
 */
public interface BrokerConnections {

	/**
	 * Open a connection without automatic recovery. Blocks. Its consumer is called on the
	 * thread that reads the socket, so that the broker sends no more than is taken.
	 * @param name what the broker shows as its name
	 * @return an open connection
	 * @throws IOException if the broker cannot be reached or refuses
	 * @throws TimeoutException if it does not answer
	 */
	Connection open(String name) throws IOException, TimeoutException;

	/**
	 * The addresses of the broker in one line.
	 * @param details what Spring Boot connects with
	 * @return {@code host:port,host:port}
	 */
	static String addresses(RabbitConnectionDetails details) {
		return details.getAddresses()
			.stream()
			.map((address) -> address.host() + ":" + address.port())
			.collect(Collectors.joining(","));
	}

	/**
	 * How long to wait before the broker is tried again: 100 ms, twice as long after each
	 * failure, 5 s at most. After a success, begin with another one.
	 * @return the delays in milliseconds, not safe for use by several threads
	 */
	static BackOffExecution backOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(100, 2);
		backOff.setMaxInterval(5_000);
		return backOff.start();
	}

	/**
	 * The connection of Spring's connection factory, opened if need be. Blocks.
	 * @param connections the factory
	 * @return an open connection
	 * @throws AmqpException if the broker cannot be reached or refuses
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
	 * @throws IOException if there is none, or if the connection does not work
	 */
	static Channel channel(Connection connection) throws IOException {
		Channel channel = connection.createChannel();
		if (channel == null) {
			throw new IOException("No channel is free on the connection");
		}
		return channel;
	}

	/**
	 * The part of the broker's words that names neither a user nor a virtual host, nor
	 * anything else of an installation.
	 * @param description what {@link #describe} has returned, perhaps in parentheses at
	 * the end of a sentence
	 * @return what anybody may see
	 */
	static String forAnybody(String description) {
		return description.contains(AMQP.PRECONDITION_FAILED + " PRECONDITION_FAILED")
				? description.replaceAll(" in vhost '[^']*'", "") : description.replaceFirst("(?s) - .*?(\\)?)$", "$1");
	}

	/**
	 * What the broker said, which the AMQP client hides in the causes. If it refuses
	 * access, the permission that the user lacks is named, which not every RabbitMQ does.
	 * @param failure what a call of the client has thrown
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
		// Its message is the name of the host, which is not for everybody to see.
		String message = (failure instanceof UnknownHostException) ? null : failure.getMessage();
		return (message != null) ? message : failure.getClass().getSimpleName();
	}

}
