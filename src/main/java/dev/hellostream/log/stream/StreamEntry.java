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
 * An entry as the stream holds it, for this application and for any other reader:
 *
 * <table>
 * <caption>Where what is</caption>
 * <tr>
 * <td>body, {@code content-type}, {@code message-id}, {@code timestamp}</td>
 * <td>the message's own</td>
 * </tr>
 * <tr>
 * <td>{@value #RECEIVED_AT}</td>
 * <td>when it was received, in milliseconds since 1970</td>
 * </tr>
 * <tr>
 * <td>{@value #TIMESTAMP}</td>
 * <td>the message's timestamp in milliseconds since 1970, where AMQP's seconds say
 * less</td>
 * </tr>
 * <tr>
 * <td>{@value #ROUTING_KEY}</td>
 * <td>the routing key that it was published with</td>
 * </tr>
 * <tr>
 * <td>{@value #HEADERS}</td>
 * <td>the producer's headers as a JSON object, since a stream of RabbitMQ drops tables
 * and lists; absent if there are none</td>
 * </tr>
 * <tr>
 * <td>{@value #IDEMPOTENCY_KEY}</td>
 * <td>the producer's, absent if there is none</td>
 * </tr>
 * <tr>
 * <td>{@value #REDELIVERED}</td>
 * <td>true if the broker may have delivered it before, absent otherwise</td>
 * </tr>
 * <tr>
 * <td>{@value #APPEND}</td>
 * <td>names the append, by which a second attempt at it is known</td>
 * </tr>
 * <tr>
 * <td>{@value #MARK}</td>
 * <td>true if this is no message but a mark, which nobody is shown; see
 * {@link #markBody()}</td>
 * </tr>
 * </table>
 *
 * What others have put into the stream is taken for a message with what there is of it.
 *
 * @param position names the entry
 * @param message what was received
 * @param append names the append
 * @param mark whether it is no message
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

	/** Deeper than what is written here, and less deep than JSON can be written. */
	private static final StreamReadConstraints DEPTH = StreamReadConstraints.builder().maxNestingDepth(100).build();

	private static final JsonMapper JSON = JsonMapper
		.builder(JsonFactory.builder().streamReadConstraints(DEPTH).build())
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {
	};

	/**
	 * Read an entry.
	 * @param offset its offset in the stream
	 * @param properties its properties
	 * @param body its body
	 * @return the entry, whatever the properties hold
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
	 * What is written of a message, besides its body.
	 * @param message the message
	 * @param append names the append
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
	 * What a mark is written as. It is random: the position of the mark with which a
	 * stream begins names that stream and no other.
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
	 * What a mark is written with.
	 * @param append names the append
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
