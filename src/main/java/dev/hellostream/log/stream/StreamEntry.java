package dev.hellostream.log.stream;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An entry as the RabbitMQ stream stores it, for this application and for any other
 * reader:
 *
 * <table>
 * <caption>Parts of an entry</caption>
 * <tr>
 * <td>body, {@code content-type}, {@code message-id}, {@code timestamp}</td>
 * <td>those of the message</td>
 * </tr>
 * <tr>
 * <td>{@value #RECEIVED_AT}</td>
 * <td>the time of receipt, in milliseconds since 1970</td>
 * </tr>
 * <tr>
 * <td>{@value #TIMESTAMP}</td>
 * <td>the message's timestamp in milliseconds since 1970; absent if there is none or it
 * is a whole second</td>
 * </tr>
 * <tr>
 * <td>{@value #ROUTING_KEY}</td>
 * <td>the routing key that the message was published with</td>
 * </tr>
 * <tr>
 * <td>{@value #HEADERS}</td>
 * <td>the producer's headers as a JSON object, since a RabbitMQ stream drops tables and
 * lists; absent if there are none</td>
 * </tr>
 * <tr>
 * <td>{@value #IDEMPOTENCY_KEY}</td>
 * <td>the producer's idempotency key; absent if there is none</td>
 * </tr>
 * <tr>
 * <td>{@value #REDELIVERED}</td>
 * <td>true if the broker may have delivered the message before; absent otherwise</td>
 * </tr>
 * <tr>
 * <td>{@value #APPEND}</td>
 * <td>the name of the append, by which a second attempt is recognised</td>
 * </tr>
 * <tr>
 * <td>{@value #MARK}</td>
 * <td>true if the entry is a mark; absent otherwise. See {@link #markBody()}</td>
 * </tr>
 * </table>
 *
 * An entry from another publisher is read as a message with the properties that it has.
 *
 * @param position the position of the entry
 * @param message the message; that of a mark is shown to no client
 * @param append the name of the append, {@code null} if there is none
 * @param mark whether the entry is a mark
 */
record StreamEntry(Position position, ReceivedMessage message, @Nullable String append, boolean mark) {

	static final String RECEIVED_AT = "x-hello-stream-received-at";

	static final String TIMESTAMP = "x-hello-stream-timestamp";

	static final String ROUTING_KEY = "x-hello-stream-routing-key";

	static final String HEADERS = "x-hello-stream-headers";

	static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	static final String REDELIVERED = "x-hello-stream-redelivered";

	static final String APPEND = "x-hello-stream-append";

	static final String MARK = "x-hello-stream-mark";

	private static final Logger logger = LoggerFactory.getLogger(StreamEntry.class);

	/** Above the depth of headers written here, and below the limit for writing JSON. */
	private static final StreamReadConstraints DEPTH = StreamReadConstraints.builder().maxNestingDepth(100).build();

	private static final JsonMapper JSON = JsonMapper
		.builder(JsonFactory.builder().streamReadConstraints(DEPTH).build())
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {
	};

	/**
	 * Read an entry.
	 * @param offset its offset in the RabbitMQ stream
	 * @param properties its properties, which include headers
	 * @param body its body
	 * @return the entry; unreadable properties count as absent
	 */
	static StreamEntry parse(long offset, BasicProperties properties, byte[] body) {
		Map<String, Object> headers = properties.getHeaders();
		Instant seconds = (properties.getTimestamp() != null) ? properties.getTimestamp().toInstant() : null;
		Instant millis = time(headers, TIMESTAMP);
		Instant timestamp = (millis != null) ? millis : ReceivedMessage.time(seconds);
		Instant written = (timestamp != null) ? timestamp : Instant.EPOCH;
		Instant received = time(headers, RECEIVED_AT);
		String routingKey = text(headers, ROUTING_KEY);
		ReceivedMessage message = new ReceivedMessage((received != null) ? received : written,
				properties.getMessageId(), text(headers, IDEMPOTENCY_KEY), isTrue(headers, REDELIVERED), timestamp,
				properties.getContentType(), (routingKey != null) ? routingKey : "",
				producerHeaders(offset, text(headers, HEADERS)), body);
		return new StreamEntry(Position.of(offset, message), message, text(headers, APPEND), isTrue(headers, MARK));
	}

	/**
	 * Create the properties of the entry for a message.
	 * @param message the message
	 * @param append the name of the append
	 * @return the entry's properties
	 */
	static BasicProperties properties(ReceivedMessage message, String append) {
		Map<String, Object> headers = new HashMap<>();
		headers.put(RECEIVED_AT, message.receivedAt().toEpochMilli());
		headers.put(ROUTING_KEY, message.routingKey());
		headers.put(APPEND, append);
		if (!message.headers().isEmpty()) {
			headers.put(HEADERS, JSON.writeValueAsString(message.headers()));
		}
		if (message.idempotencyKey() != null) {
			headers.put(IDEMPOTENCY_KEY, message.idempotencyKey());
		}
		if (message.redelivered()) {
			headers.put(REDELIVERED, true);
		}
		if (message.timestamp() != null && message.timestamp().toEpochMilli() % 1000 != 0) {
			headers.put(TIMESTAMP, message.timestamp().toEpochMilli());
		}
		return new BasicProperties.Builder().headers(headers)
			.deliveryMode(2)
			.contentType(message.contentType())
			.messageId(message.messageId())
			.timestamp((message.timestamp() != null) ? Date.from(message.timestamp()) : null)
			.build();
	}

	/**
	 * Create the body of a mark. It is random, so that the position of the mark at the
	 * beginning of a RabbitMQ stream identifies that one and no other.
	 * @return a new mark's body
	 */
	static byte[] markBody() {
		UUID random = UUID.randomUUID();
		return ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(random.getMostSignificantBits())
			.putLong(random.getLeastSignificantBits())
			.array();
	}

	/**
	 * Create the properties of a mark.
	 * @param append the name of the append
	 * @return the mark's properties
	 */
	static BasicProperties markProperties(String append) {
		return new BasicProperties.Builder().headers(Map.of(MARK, true, APPEND, append)).deliveryMode(2).build();
	}

	private static @Nullable Instant time(Map<String, Object> headers, String name) {
		return (headers.get(name) instanceof Long millis) ? ReceivedMessage.time(Instant.ofEpochMilli(millis)) : null;
	}

	private static @Nullable String text(Map<String, Object> headers, String name) {
		Object value = headers.get(name);
		return (value != null) ? value.toString() : null;
	}

	private static boolean isTrue(Map<String, Object> headers, String name) {
		return Boolean.TRUE.equals(headers.get(name));
	}

	private static Map<String, @Nullable Object> producerHeaders(long offset, @Nullable String json) {
		if (json == null) {
			return Map.of();
		}
		try {
			Map<String, @Nullable Object> headers = JSON.readValue(json, OBJECT);
			return (headers != null) ? headers : Map.of();
		}
		catch (JacksonException ex) {
			logger.warn("The headers of the entry at offset {} are not readable", offset);
			return Map.of();
		}
	}

}
