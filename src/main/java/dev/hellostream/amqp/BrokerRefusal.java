package dev.hellostream.amqp;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/**
 * The broker said no to one operation, with a code and a text
 * (<a href="https://www.rabbitmq.com/amqp-0-9-1-reference#constants">AMQP 0-9-1 reply
 * codes</a>).
 */
public final class BrokerRefusal extends Exception {

	private static final long serialVersionUID = 1L;

	private static final Pattern ACCESS = Pattern
		.compile("^ACCESS_REFUSED( - (?:\\w+ )?access to (queue|exchange) ('.*?') in vhost )");

	private final int code;

	private BrokerRefusal(int code, String description) {
		super(description);
		this.code = code;
	}

	/**
	 * What the broker says when it ends a channel, with the permission that is missing.
	 * Not every RabbitMQ names it.
	 */
	static String describe(AMQP.Channel.Close close) {
		Matcher access = ACCESS.matcher(close.getReplyText());
		String permission = switch (close.getClassId() + "." + close.getMethodId()) {
			case "50.10" -> "configure"; // queue.declare
			case "50.20" -> (access.find() && access.group(2).equals("queue")) ? "write" : "read"; // queue.bind
			case "60.40" -> "write"; // basic.publish
			default -> "read";
		};
		return close.getReplyCode() + " "
				+ access.replaceFirst("ACCESS_REFUSED, for lack of %s permission on $2 $3$1".formatted(permission));
	}

	/** What the broker says, see {@link BrokerConnections#describe}. */
	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

	/**
	 * Why, as a number.
	 * @return the reply code
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Whether what was looked for does not exist. RabbitMQ also answers 404 for a durable
	 * queue whose node is down or that is not recovered yet.
	 * @return {@code true} if it is surely not there
	 */
	private boolean isNotFound() {
		String description = getMessage();
		boolean recovering = description.contains(" NOT_FOUND - ") && !description.contains(" NOT_FOUND - no ");
		return this.code == AMQP.NOT_FOUND && !recovering;
	}

	/**
	 * Do something on a channel of its own: a refusal ends the channel. Blocks.
	 * @param connection an open connection
	 * @param operation what to do
	 * @param <T> the type of the result
	 * @return its result
	 * @throws BrokerRefusal if the broker says no
	 * @throws IOException if the connection does not work
	 */
	public static <T extends @Nullable Object> T orResult(Connection connection, Operation<T> operation)
			throws BrokerRefusal, IOException {
		Channel channel = BrokerConnections.channel(connection);
		try {
			return operation.on(channel);
		}
		catch (IOException ex) {
			if (ex.getCause() instanceof ShutdownSignalException signal) {
				throw refusal(signal, ex);
			}
			throw ex;
		}
		catch (ShutdownSignalException ex) {
			throw refusal(ex, new IOException(ex));
		}
		finally {
			if (channel.isOpen()) {
				channel.abort();
			}
		}
	}

	/**
	 * Look for something, as {@link #orResult} does.
	 * @param connection an open connection
	 * @param passive declares it passively
	 * @param <T> the type of the result
	 * @return what was found, or {@code null} if it does not exist
	 * @throws BrokerRefusal if the broker says no for another reason
	 * @throws IOException if the connection does not work
	 */
	public static <T> @Nullable T orNull(Connection connection, Operation<T> passive)
			throws BrokerRefusal, IOException {
		try {
			return orResult(connection, passive);
		}
		catch (BrokerRefusal ex) {
			if (ex.isNotFound()) {
				return null;
			}
			throw ex;
		}
	}

	private static BrokerRefusal refusal(ShutdownSignalException signal, IOException otherwise) throws IOException {
		Method reason = signal.getReason();
		if (reason instanceof AMQP.Channel.Close close) {
			return new BrokerRefusal(close.getReplyCode(), BrokerConnections.describe(signal));
		}
		boolean ended = signal.isInitiatedByApplication();
		if (reason instanceof AMQP.Connection.Close close && close.getReplyCode() != AMQP.CONNECTION_FORCED && !ended) {
			return new BrokerRefusal(close.getReplyCode(), BrokerConnections.describe(signal));
		}
		throw otherwise;
	}

	/**
	 * Something to do on a channel.
	 *
	 * @param <T> the type of its result
	 */
	public interface Operation<T extends @Nullable Object> {

		/**
		 * Do it. Blocks.
		 * @param channel an open channel that nothing else uses
		 * @return its result
		 * @throws IOException if the broker says no, or the connection does not work
		 */
		T on(Channel channel) throws IOException;

	}

}
