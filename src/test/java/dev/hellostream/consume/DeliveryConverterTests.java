package dev.hellostream.consume;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import dev.hellostream.log.OneLine;
import dev.hellostream.log.ReceivedMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryConverter}, {@link BoundedHeaders} and {@link OneLine}: the
 * messages that a producer can send, and their conversion.
 */
class DeliveryConverterTests {

	private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456Z");

	private final DeliveryConverter converter = new DeliveryConverter(Clock.fixed(NOW, ZoneOffset.UTC));

	private final BasicProperties.Builder properties = new BasicProperties.Builder();

	private final Map<String, Object> headers = new LinkedHashMap<>();

	private Envelope envelope = new Envelope(1, false, "", "");

	@Test
	void everythingThatMattersShouldBeTakenOver() {
		this.properties.messageId("id");
		this.properties.contentType("text/plain");
		this.properties.timestamp(Date.from(Instant.ofEpochSecond(7)));
		this.envelope = new Envelope(1, true, "", "key");
		this.headers.put("Idempotency-Key", "id");
		this.headers.put("x-hello-stream-publish", 7L);
		this.headers.put("timestamp_in_ms", 7_123L);
		ReceivedMessage message = convert();
		assertThat(message.receivedAt()).isEqualTo(Instant.parse("2026-11-22T10:00:00.123Z"));
		assertThat(message.messageId()).isEqualTo("id");
		assertThat(message.idempotencyKey()).isEqualTo("id");
		assertThat(message.redelivered()).isTrue();
		assertThat(message.timestamp()).isEqualTo(Instant.ofEpochMilli(7_123));
		assertThat(message.contentType()).isEqualTo("text/plain");
		assertThat(message.routingKey()).isEqualTo("key");
		assertThat(message.headers()).isEmpty();
	}

	@Test
	void messageThatSaysNothingShouldBeTakenAsItIs() {
		this.properties.contentType(null);
		ReceivedMessage message = convert();
		assertThat(message.messageId()).isNull();
		assertThat(message.contentType()).isNull();
		assertThat(message.routingKey()).isEmpty();
		assertThat(message.redelivered()).isFalse();
	}

	@Test
	void timestampShouldBeAsPreciseAsItIsCertain() {
		this.properties.timestamp(Date.from(Instant.ofEpochSecond(7)));
		assertThat(convert().timestamp()).isEqualTo(Instant.ofEpochSecond(7));
		this.headers.put("timestamp_in_ms", 7_999L);
		assertThat(convert().timestamp()).isEqualTo(Instant.ofEpochMilli(7_999));
		assertThat(convert().headers()).as("the producer's own").containsEntry("timestamp_in_ms", 7_999L);
		this.headers.put("timestamp_in_ms", 8_000L);
		assertThat(convert().timestamp()).as("contradicted").isEqualTo(Instant.ofEpochSecond(7));
		this.properties.timestamp(null);
		assertThat(convert().timestamp()).isEqualTo(Instant.ofEpochMilli(8_000));
		this.headers.put("timestamp_in_ms", "nonsense");
		assertThat(convert().timestamp()).isNull();
	}

	@Test
	@SuppressWarnings("JavaUtilDate") // as the AMQP client returns them, overflow
										// included
	void timestampThatIsNoTimeShouldBeLeftOut() {
		for (long seconds : new long[] { 1_702_367_744_123L, 1_702_367_744_123_456_789L, Long.MAX_VALUE, -1,
				253_402_300_800L }) {
			this.properties.timestamp(new Date(seconds * 1000));
			this.headers.put("made", new Date(seconds * 1000));
			assertThat(convert().timestamp()).as("%d", seconds).isNull();
			assertThat(convert().headers()).isEqualTo(Map.of(BoundedHeaders.OMITTED, 1));
		}
		this.properties.timestamp(new Date(253_402_300_799_000L));
		assertThat(convert().timestamp()).isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
		this.properties.timestamp(null);
		this.headers.put("timestamp_in_ms", Long.MAX_VALUE);
		assertThat(convert().timestamp()).isNull();
	}

	@Test
	void headersShouldBecomeWhatJsonHas() {
		Map<String, Object> table = new LinkedHashMap<>();
		table.put("list", List.of(1, "two", true));
		table.put("nothing", Arrays.asList(1, null));
		this.headers.put("table", table);
		this.headers.put("bytes", new byte[] { 1, 2 });
		this.headers.put("time", Date.from(Instant.ofEpochSecond(7)));
		this.headers.put("nan", Double.NaN);
		this.headers.put("null", null);
		assertThat(convert().headers())
			.containsEntry("table", Map.of("list", List.of(1, "two", true), "nothing", Arrays.asList(1, null)))
			.containsEntry("bytes", "AQI=")
			.containsEntry("time", "1970-01-01T00:00:07Z")
			.containsEntry("nan", "NaN")
			.containsEntry("null", null)
			.doesNotContainKey(BoundedHeaders.OMITTED);
	}

	@Test
	void idempotencyKeyShouldBePlainAndStayAmongTheHeaders() {
		this.headers.put("Idempotency-Key", 7);
		assertThat(convert().idempotencyKey()).isEqualTo("7");
		assertThat(convert().headers()).containsEntry("Idempotency-Key", 7);
		this.headers.put("Idempotency-Key", "k".repeat(300));
		assertThat(convert().idempotencyKey()).isNull();
		assertThat(convert().headers()).containsEntry("Idempotency-Key", "k".repeat(300));
		Map<String, Object> nested = Map.of();
		for (int i = 0; i < 100_000; i++) {
			nested = Map.of("n", nested);
		}
		this.headers.put("Idempotency-Key", nested);
		assertThat(convert().idempotencyKey()).isNull();
	}

	@Test
	void headersWithoutEndShouldBeBounded() {
		for (int i = 0; i < 500; i++) {
			this.headers.put("h" + i, "v");
		}
		Map<String, Object> many = convert().headers();
		assertThat(many).hasSize(65).containsEntry(BoundedHeaders.OMITTED, 436);

		this.headers.clear();
		Object nested = "deep";
		for (int i = 0; i < 10_000; i++) {
			nested = Map.of("n", nested);
		}
		this.headers.put("nested", nested);
		assertThat(convert().headers().toString()).doesNotContain("deep").contains(BoundedHeaders.OMITTED);

		this.headers.clear();
		this.headers.put("large", "x".repeat(9_000));
		this.headers.put("list", Collections.nCopies(1_000, "y"));
		assertThat(convert().headers().toString()).hasSizeLessThan(1_000);
	}

	@Test
	void bodyShouldNotBeAbleToForgeALogLine() {
		assertThat(OneLine.of(utf8("Hello"))).isEqualTo("Hello");
		assertThat(OneLine.of(utf8("a\nb\r\u0000\u001b[31m\u2028\u202e😀é")))
			.isEqualTo("a\\u{a}b\\u{d}\\u{0}\\u{1b}[31m\\u{2028}\\u{202e}😀é");
		assertThat(OneLine.of(utf8("x".repeat(10_000)))).isEqualTo("x".repeat(200) + "… (10000 bytes)");
		assertThat(OneLine.of(new byte[] { (byte) 0xff })).isEqualTo("\uFFFD");
	}

	private ReceivedMessage convert() {
		return this.converter
			.convert(new Delivery(this.envelope, this.properties.headers(this.headers).build(), utf8("body")));
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
