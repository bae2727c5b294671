package dev.hellostream.log.stream;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.hellostream.log.ReceivedMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamEntry}: any program that may write to the RabbitMQ stream can
 * have written the messages.
 */
class StreamEntryTests {

	private final BasicProperties.Builder properties = new BasicProperties.Builder();

	private final Map<String, Object> headers = new HashMap<>();

	@Test
	@SuppressWarnings("JavaUtilDate") // as the AMQP client returns them
	void timeThatIsNoneShouldBeLeftOut() {
		this.properties.timestamp(new Date(1_702_367_744_123_000L));
		assertThat(parse().timestamp()).isNull();
		assertThat(parse().receivedAt()).isEqualTo(Instant.EPOCH);
		this.properties.timestamp(new Date(7_000));
		this.headers.put(StreamEntry.TIMESTAMP, Long.MAX_VALUE);
		this.headers.put(StreamEntry.RECEIVED_AT, -1L);
		assertThat(parse().timestamp()).isEqualTo(Instant.ofEpochSecond(7));
		assertThat(parse().receivedAt()).isEqualTo(Instant.ofEpochSecond(7));
		this.headers.put(StreamEntry.TIMESTAMP, 7_123L);
		this.headers.put(StreamEntry.RECEIVED_AT, 8_456L);
		assertThat(parse().timestamp()).isEqualTo(Instant.ofEpochMilli(7_123));
		assertThat(parse().receivedAt()).isEqualTo(Instant.ofEpochMilli(8_456));
	}

	@Test
	void headersShouldComeBackAsTheyWere() {
		String json = "{\"nothing\":null,\"decimal\":1.10,\"long\":9007199254740993}";
		this.headers.put(StreamEntry.HEADERS, json);
		ReceivedMessage message = parse();
		assertThat(message.headers()).containsEntry("nothing", null);
		assertThat(StreamEntry.properties(message, "append").getHeaders()).containsEntry(StreamEntry.HEADERS, json);
	}

	@Test
	void headersDeeperThanCanBeWrittenShouldBeLeftOut() {
		this.headers.put(StreamEntry.HEADERS, "{\"a\":".repeat(500) + "1" + "}".repeat(500));
		assertThat(parse().headers()).isEmpty();
	}

	private ReceivedMessage parse() {
		byte[] body = "body".getBytes(StandardCharsets.UTF_8);
		return StreamEntry.parse(7, this.properties.headers(this.headers).build(), body).message();
	}

}
