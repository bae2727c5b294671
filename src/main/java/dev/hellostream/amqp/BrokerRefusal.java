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
 * The broker refused one operation, with a reply code and a text
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
	 * The broker's words when it closes a channel, with the missing permission, which not
	 * every RabbitMQ names.
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

	/** The broker's words, see {@link BrokerConnections#describe}. */
	@Override
	public String getMessage() {
		return String.valueOf(super.getMessage());
	}

	/**
	 * The reason as a number.
	 * @return the reply code
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Whether the queue or exchange does not exist. RabbitMQ also answers 404 for a
	 * durable queue whose node is down or that has not recovered yet.
	 * @return {@code true} if it certainly does not exist
	 */
	private boolean isNotFound() {
		String description = getMessage();
		boolean recovering = description.contains(" NOT_FOUND - ") && !description.contains(" NOT_FOUND - no ");
		return this.code == AMQP.NOT_FOUND && !recovering;
	}

	/**
	 * Run an operation on a channel of its own, which a refusal closes. Blocks.
	 * @param connection an open connection
	 * @param operation the operation
	 * @param <T> the type of the result
	 * @return the result of the operation
	 * @throws BrokerRefusal if the broker refuses the operation
	 * @throws IOException if the connection fails
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
	 * Look up a queue or an exchange, as {@link #orResult} does.
	 * @param connection an open connection
	 * @param passive declares the queue or exchange passively
	 * @param <T> the type of the result
	 * @return the result, or {@code null} if the queue or exchange does not exist
	 * @throws BrokerRefusal if the broker refuses for another reason
	 * @throws IOException if the connection fails
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
	 * An operation on a channel.
	 *
	 * @param <T> the type of its result
	 */
	public interface Operation<T extends @Nullable Object> {

		/**
		 * Run the operation. Blocks.
		 * @param channel an open channel that nothing else uses
		 * @return the result
		 * @throws IOException if the broker refuses, or the connection fails
		 */
		T on(Channel channel) throws IOException;

	}

}
