package dev.hellostream.log;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.broker.BrokerConnections;
import org.jspecify.annotations.Nullable;

/**
 * Declares the stream, unless it is there: then it is taken as it stands.
 */
final class StreamDeclaration {

	private final String name;

	private final Map<String, Object> arguments;

	StreamDeclaration(StreamSettings settings) {
		this.name = settings.name();
		this.arguments = new TreeMap<>(Map.of("x-queue-type", "stream"));
		this.arguments.put("x-max-age", settings.maxAge().toSeconds() + "s");
		this.arguments.put("x-max-length-bytes", settings.maxBytes().toBytes());
		this.arguments.put("x-stream-max-segment-size-bytes", settings.segmentSize().toBytes());
	}

	String name() {
		return this.name;
	}

	/**
	 * Declare the stream if it is missing.
	 * @param connection an open connection
	 * @return whether it was missing
	 * @throws IOException if the connection does not work
	 * @throws StreamUnavailableException if there is no such stream to be had, with a
	 * sentence for the operator
	 */
	boolean declare(Connection connection) throws IOException {
		AMQP.Channel.Close refusal = refusal(connection, (channel) -> channel.queueDeclarePassive(this.name));
		boolean missing = refusal != null && refusal.getReplyCode() == AMQP.NOT_FOUND;
		if (missing) {
			refusal = refusal(connection,
					(channel) -> channel.queueDeclare(this.name, true, false, false, this.arguments));
		}
		if (refusal != null) {
			throw new StreamUnavailableException(advice(refusal));
		}
		return missing;
	}

	private String advice(AMQP.Channel.Close refusal) {
		String advice = switch (refusal.getReplyCode()) {
			case AMQP.RESOURCE_LOCKED -> StreamUnavailableException.noStream(this.name);
			case AMQP.ACCESS_REFUSED ->
				"The user of this application may neither declare nor read stream '%s': grant it the right."
					.formatted(this.name);
			default -> "Stream '%s' is not at hand.".formatted(this.name);
		};
		return "%s (%d %s)".formatted(advice, refusal.getReplyCode(), refusal.getReplyText());
	}

	private static AMQP.Channel.@Nullable Close refusal(Connection connection, Declaration declaration)
			throws IOException {
		Channel channel = BrokerConnections.channel(connection);
		try {
			declaration.on(channel);
			channel.abort();
			return null;
		}
		catch (IOException ex) {
			if (ex.getCause() instanceof ShutdownSignalException signal
					&& signal.getReason() instanceof AMQP.Channel.Close close) {
				return close;
			}
			throw ex;
		}
	}

	/**
	 * One declaration.
	 */
	private interface Declaration {

		Object on(Channel channel) throws IOException;

	}

}
