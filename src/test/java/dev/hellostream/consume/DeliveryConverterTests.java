package dev.hellostream.consume;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.hellostream.log.ReceivedMessage;
import org.junit.jupiter.api.Test;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryConverter}, {@link BoundedHeaders} and {@link LogText}: what a
 * producer can send, and what is made of it.
 */
class DeliveryConverterTests {

	private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456Z");

	private final DeliveryConverter converter = new DeliveryConverter(Clock.fixed(NOW, ZoneOffset.UTC));

	private final MessageProperties properties = new MessageProperties();

	@Test
	void everythingThatMattersShouldBeTakenOver() {
		this.properties.setMessageId("id");
		this.properties.setContentType("text/plain");
		this.properties.setTimestamp(Date.from(Instant.ofEpochSecond(7)));
		this.properties.setReceivedRoutingKey("key");
		this.properties.setRedelivered(true);
		this.properties.setHeader("Idempotency-Key", "id");
		this.properties.setHeader("x-hello-stream-publish", 7L);
		this.properties.setHeader("timestamp_in_ms", 7_123L);
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
		this.properties.setContentType(null);
		ReceivedMessage message = convert();
		assertThat(message.messageId()).isNull();
		assertThat(message.contentType()).isNull();
		assertThat(message.routingKey()).isEmpty();
		assertThat(message.redelivered()).isFalse();
	}

	@Test
	void timestampShouldBeAsPreciseAsItIsCertain() {
		this.properties.setTimestamp(Date.from(Instant.ofEpochSecond(7)));
		assertThat(convert().timestamp()).isEqualTo(Instant.ofEpochSecond(7));
		this.properties.setHeader("timestamp_in_ms", 7_999L);
		assertThat(convert().timestamp()).isEqualTo(Instant.ofEpochMilli(7_999));
		assertThat(convert().headers()).as("the producer's own").containsEntry("timestamp_in_ms", 7_999L);
		this.properties.setHeader("timestamp_in_ms", 8_000L);
		assertThat(convert().timestamp()).as("contradicted").isEqualTo(Instant.ofEpochSecond(7));
		this.properties.setTimestamp(null);
		assertThat(convert().timestamp()).isEqualTo(Instant.ofEpochMilli(8_000));
		this.properties.setHeader("timestamp_in_ms", "nonsense");
		assertThat(convert().timestamp()).isNull();
	}

	@Test
	@SuppressWarnings("JavaUtilDate") // as the AMQP client makes them, overflow included
	void timestampThatIsNoTimeShouldBeLeftOut() {
		for (long seconds : new long[] { 1_702_367_744_123L, 1_702_367_744_123_456_789L, Long.MAX_VALUE, -1,
				253_402_300_800L }) {
			this.properties.setTimestamp(new Date(seconds * 1000));
			this.properties.setHeader("made", new Date(seconds * 1000));
			assertThat(convert().timestamp()).as("%d", seconds).isNull();
			assertThat(convert().headers()).isEqualTo(Map.of(BoundedHeaders.OMITTED, 1));
		}
		this.properties.setTimestamp(new Date(253_402_300_799_000L));
		assertThat(convert().timestamp()).isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
		this.properties.setTimestamp(null);
		this.properties.setHeader("timestamp_in_ms", Long.MAX_VALUE);
		assertThat(convert().timestamp()).isNull();
	}

	@Test
	void headersShouldBecomeWhatJsonHas() {
		Map<String, Object> table = new LinkedHashMap<>();
		table.put("list", List.of(1, "two", true));
		table.put("nothing", null);
		this.properties.setHeader("table", table);
		this.properties.setHeader("bytes", new byte[] { 1, 2 });
		this.properties.setHeader("time", Date.from(Instant.ofEpochSecond(7)));
		this.properties.setHeader("nan", Double.NaN);
		assertThat(convert().headers())
			.containsEntry("table", Map.of("list", List.of(1, "two", true), "nothing", "null"))
			.containsEntry("bytes", "AQI=")
			.containsEntry("time", "1970-01-01T00:00:07Z")
			.containsEntry("nan", "NaN");
	}

	@Test
	void idempotencyKeyShouldBePlainAndStayAmongTheHeaders() {
		this.properties.setHeader("Idempotency-Key", 7);
		assertThat(convert().idempotencyKey()).isEqualTo("7");
		assertThat(convert().headers()).containsEntry("Idempotency-Key", 7);
		this.properties.setHeader("Idempotency-Key", "k".repeat(300));
		assertThat(convert().idempotencyKey()).isNull();
		assertThat(convert().headers()).containsEntry("Idempotency-Key", "k".repeat(300));
		Map<String, Object> nested = Map.of();
		for (int i = 0; i < 100_000; i++) {
			nested = Map.of("n", nested);
		}
		this.properties.setHeader("Idempotency-Key", nested);
		assertThat(convert().idempotencyKey()).isNull();
	}

	@Test
	void headersWithoutEndShouldBeBounded() {
		for (int i = 0; i < 500; i++) {
			this.properties.setHeader("h" + i, "v");
		}
		Map<String, Object> many = convert().headers();
		assertThat(many).hasSize(65).containsEntry(BoundedHeaders.OMITTED, 436);

		this.properties.getHeaders().clear();
		Object nested = "deep";
		for (int i = 0; i < 10_000; i++) {
			nested = Map.of("n", nested);
		}
		this.properties.setHeader("nested", nested);
		assertThat(convert().headers().toString()).doesNotContain("deep").contains(BoundedHeaders.OMITTED);

		this.properties.getHeaders().clear();
		this.properties.setHeader("large", "x".repeat(9_000));
		this.properties.setHeader("list", Collections.nCopies(1_000, "y"));
		assertThat(convert().headers().toString()).hasSizeLessThan(1_000);
	}

	@Test
	void bodyShouldNotBeAbleToForgeALogLine() {
		assertThat(LogText.of(utf8("Hello"))).isEqualTo("Hello");
		assertThat(LogText.of(utf8("a\nb\r\u0000\u001b[31m\u2028\u202e😀é")))
			.isEqualTo("a\\u{a}b\\u{d}\\u{0}\\u{1b}[31m\\u{2028}\\u{202e}😀é");
		assertThat(LogText.of(utf8("x".repeat(10_000)))).isEqualTo("x".repeat(200) + "… (10000 bytes)");
		assertThat(LogText.of(new byte[] { (byte) 0xff })).isEqualTo("\uFFFD");
	}

	private ReceivedMessage convert() {
		return this.converter.convert(new Message(utf8("body"), this.properties));
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
