package dev.hellostream.log.stream;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import dev.hellostream.amqp.BrokerRefusal;

/**
 * Declares the RabbitMQ stream if it does not exist. An existing one is used as it is.
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
	 * Declare the RabbitMQ stream if it does not exist.
	 * @param connection an open connection
	 * @return whether it was declared
	 * @throws IOException if the connection fails
	 * @throws StreamUnavailableException if the broker refuses, with a sentence for the
	 * operator
	 */
	boolean declare(Connection connection) throws IOException {
		try {
			if (BrokerRefusal.orNull(connection, (channel) -> channel.queueDeclarePassive(this.name)) != null) {
				return false;
			}
			BrokerRefusal.orResult(connection,
					(channel) -> channel.queueDeclare(this.name, true, false, false, this.arguments));
			return true;
		}
		catch (BrokerRefusal ex) {
			throw new StreamUnavailableException(advice(ex));
		}
	}

	private String advice(BrokerRefusal refusal) {
		String advice = switch (refusal.code()) {
			case AMQP.RESOURCE_LOCKED -> StreamUnavailableException.noStream(this.name);
			case AMQP.ACCESS_REFUSED ->
				"The user of this application may not use RabbitMQ stream '%s': grant it the permission."
					.formatted(this.name);
			default -> "RabbitMQ stream '%s' is not available.".formatted(this.name);
		};
		return "%s (%s)".formatted(advice, refusal.getMessage());
	}

}
