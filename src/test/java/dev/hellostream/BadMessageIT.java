package dev.hellostream;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.LongStringHelper;
import dev.hellostream.testing.ApplicationProcess;
import dev.hellostream.testing.BrokerAddress;
import dev.hellostream.testing.EventStream;
import dev.hellostream.testing.EventStream.Frame;
import dev.hellostream.testing.MessagesApi;
import dev.hellostream.testing.MessagesApi.Entry;
import dev.hellostream.testing.RabbitNode;
import dev.hellostream.testing.RawProperties;
import dev.hellostream.testing.RequiresTool;
import dev.hellostream.testing.Tool;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A message of any AMQP producer arrives unchanged or in the dead-letter queue, and every
 * event stays intact.
 */
class BadMessageIT {

	private static final byte[] EVERY_BYTE = new byte[256];

	static {
		for (int i = 0; i < EVERY_BYTE.length; i++) {
			EVERY_BYTE[i] = (byte) i;
		}
	}

	@Nested
	class OnEmbeddedBroker extends Contract {

		OnEmbeddedBroker() {
			super(null);
		}

		@Test
		void carryWhenHeaderIsNoNumberShouldKeepTheFrame() throws Exception {
			// RabbitMQ closes the connection of a producer that sends one of these.
			Map<String, Object> headers = Map.of("nan", Double.NaN, "infinity", Float.NEGATIVE_INFINITY);
			publish(new BasicProperties.Builder().headers(headers).build(), utf8("no number"));
			assertThat(next().body()).isEqualTo("no number");
		}

		@ParameterizedTest
		@ValueSource(ints = { 0, 3, 255 })
		void carryWhenDeliveryModeIsUnknownShouldCarryItAndItsNeighbours(int mode) throws Exception {
			// RabbitMQ before 4 closes the connection of a producer that sends one of
			// these.
			publish(null, utf8("before"));
			publish(new BasicProperties.Builder().deliveryMode(mode).build(), utf8("mode " + mode));
			publish(null, utf8("after"));
			for (String body : List.of("before", "mode " + mode, "after")) {
				assertThat(next().body()).isEqualTo(body);
			}
		}

		@ParameterizedTest
		@ValueSource(strings = { "017a5a61626364", "017a537fffffff61", "017a46000000ff61", "ff" })
		void carryWhenHeadersCannotBeDecodedShouldDeadLetterThemAndGoOn(String table) throws Exception {
			// RabbitMQ closes the connection of a producer that sends one of these.
			byte[] fields = HexFormat.of().parseHex(table);
			byte[] headers = ByteBuffer.allocate(4 + fields.length).putInt(fields.length).put(fields).array();
			publish(null, utf8("before"));
			publish(new RawProperties(RawProperties.HEADERS, headers), utf8("odd " + table));
			publish(null, utf8("after"));
			assertThat(next().body()).isEqualTo("before");
			assertThat(next().body()).isEqualTo("after");
			GetResponse dead = awaitDead();
			assertThat(dead.getBody()).isEqualTo(utf8("odd " + table));
			assertThat(dead.getProps().getHeaders().get("x-hello-stream-reason").toString())
				.contains("headers cannot be decoded");
		}

		@Test
		void declareWhenArgumentsCannotBeDecodedShouldCloseThatConnectionOnly() throws Exception {
			Object nested = "bottom";
			for (int i = 0; i < 200; i++) {
				nested = Map.of("", nested);
			}
			Map<String, Object> arguments = Map.of("nested", nested);
			Connection producer = broker().connect();
			Channel channel = producer.createChannel();
			assertThatIOException().isThrownBy(() -> channel.queueDeclare("odd", false, false, false, arguments));
			assertThat(producer.isOpen()).isFalse();
			publish(null, utf8("next"));
			assertThat(next().body()).isEqualTo("next");
		}

		@Test
		void carryWhenMessageExpiresShouldCountFromNowOn() throws Exception {
			publish(new BasicProperties.Builder().expiration("60000").build(), utf8("a minute"));
			assertThat(next().body()).isEqualTo("a minute");
		}

	}

	@Nested
	@RequiresTool(Tool.RABBITMQ)
	class OnRabbitMq extends Contract {

		OnRabbitMq() {
			super(RabbitNode.shared().freshVirtualHost());
		}

	}

	@Timeout(120)
	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	abstract static class Contract {

		private final ApplicationProcess application;

		private final BrokerAddress broker;

		private Connection connection;

		private Channel channel;

		private EventStream stream;

		/**
		 * @param external the broker to use, {@code null} for the embedded one
		 */
		Contract(@Nullable BrokerAddress external) {
			String[] arguments = (external != null) ? external.applicationArguments() : new String[] { "-Xmx256m" };
			this.application = ApplicationProcess.start(arguments);
			this.broker = (external != null) ? external : this.application.broker();
		}

		@BeforeAll
		void subscribe() throws IOException, TimeoutException {
			this.stream = EventStream.open(this.application.uri("/messages"));
			assertThat(this.stream.nextEvent().event()).isEqualTo("start");
			this.connection = this.broker.connect();
			this.channel = this.connection.createChannel();
			this.channel.confirmSelect();
		}

		@AfterAll
		void end() throws IOException {
			this.stream.close();
			this.connection.abort();
			this.application.close();
			assertThat(this.application.output()).doesNotContain(" ERROR ").doesNotContain("\tat ");
		}

		@Test
		void carryWhenBodyIsAnyBytesShouldGiveBackEachByte() throws Exception {
			List<byte[]> bodies = List.of(new byte[0], EVERY_BYTE, new byte[] { 0 }, new byte[] { (byte) 0xff },
					utf8("\n"), utf8("\r\n\r\n"), utf8("x\n\nid: 7\nevent: gap\ndata: {\"asked\":\"1\"}\n\n"),
					utf8("\u2028\u2029\u0085\uFEFF\uFFFD"), utf8("\uD83D\uDE00"),
					new byte[] { (byte) 0xed, (byte) 0xa0, (byte) 0x80 }, new byte[900 * 1024]);
			for (byte[] body : bodies) {
				publish(null, body);
				assertThat(next().bytes()).isEqualTo(body);
			}
			List<Entry> page = new MessagesApi(this.application).page("?limit=" + bodies.size()).entries();
			assertThat(page).zipSatisfy(bodies, (entry, body) -> assertThat(entry.bytes()).isEqualTo(body));
		}

		@Test
		void carryWhenThereIsNoContentTypeShouldLeaveItOut() throws Exception {
			publish(new BasicProperties.Builder().build(), utf8("plain"));
			assertThat(next().contentType()).isNull();
		}

		@Test
		void carryWhenPropertiesHoldLineEndsShouldKeepTheFrame() throws Exception {
			String evil = "x\n\nid: 7\ndata: y\r\n\r\n\u0000";
			publish(new BasicProperties.Builder().contentType(evil)
				.messageId(evil)
				.correlationId(evil)
				.type(evil)
				.build(), utf8("evil properties"));
			Entry entry = next();
			assertThat(entry.body()).isEqualTo("evil properties");
			assertThat(entry.messageId()).isIn(null, evil);
		}

		@Test
		void carryWhenHeadersAreManyOrDeepOrOddShouldKeepTheFrame() throws Exception {
			Map<String, Object> many = new HashMap<>();
			for (int i = 0; i < 500; i++) {
				many.put("header-" + i, "value\n\n" + i);
			}
			Object nested = "bottom";
			for (int i = 0; i < 50; i++) {
				nested = Map.of("deeper\n", (i % 2 == 0) ? nested : List.of(nested));
			}
			Map<String, Object> odd = new HashMap<>();
			odd.put("null", null);
			odd.put("bytes", EVERY_BYTE);
			odd.put("date", Date.from(Instant.EPOCH));
			odd.put("decimal", new BigDecimal("12.345"));
			odd.put("list", Arrays.asList(1, null, "two", true, List.of()));
			odd.put("", "no name");
			odd.put("\n\u0000\"", "odd name");
			for (Map<String, Object> headers : List.of(many, Map.of("nested", nested), odd)) {
				publish(new BasicProperties.Builder().headers(headers).build(), utf8("odd headers"));
				assertThat(next().body()).isEqualTo("odd headers");
			}
		}

		@Test
		void carryWhenHeadersLookLikeSomebodysOwnShouldGiveThemBackAndLogNothing() throws Exception {
			String line = "one\n2026-01-01 WARN smuggled\r\n";
			Map<String, Object> headers = Map.of("x-death", line, "springBatchFormat", "lengthHeader4", "x-delay",
					"soon", "Idempotency-Key", "mine");
			publish(new BasicProperties.Builder().headers(headers).build(), utf8("text"));
			assertThat(next().headers()).isEqualTo(headers);
			publish(new BasicProperties.Builder().headers(Map.of("x-death", List.of("count"))).build(), utf8("list"));
			assertThat(next().headers()).isEqualTo(Map.of("x-death", List.of("count")));
			publish(new BasicProperties.Builder().headers(Map.of("x-death", "y".repeat(50_000))).build(), utf8("much"));
			assertThat(next().headers()).isEqualTo(Map.of("x-hello-stream-omitted", 1));
			assertThat(this.application.output()).doesNotContain("smuggled").doesNotContain("yyyyy");
		}

		@Test
		void carryWhenTimestampIsNoTimeShouldLeaveItOut() throws Exception {
			// AMQP's timestamps are unsigned: a time before 1970 exceeds 2^63.
			for (Instant time : List.of(Instant.ofEpochSecond(1_702_367_744_123L), Instant.ofEpochSecond(-1))) {
				Date date = Date.from(time);
				publish(new BasicProperties.Builder().timestamp(date).headers(Map.of("made", date)).build(),
						utf8("ms"));
				Frame frame = this.stream.nextEvent();
				assertThat(frame.data()).doesNotContain("\"timestamp\"")
					.doesNotContain("+55915")
					.doesNotContain("1969");
				assertThat(Entry.parse(frame.data()).headers()).isEqualTo(Map.of("x-hello-stream-omitted", 1));
			}
			Date last = Date.from(Instant.parse("9999-12-31T23:59:59Z"));
			publish(new BasicProperties.Builder().timestamp(last).build(), utf8("the last"));
			assertThat(this.stream.nextEvent().data()).contains("\"timestamp\":\"9999-12-31T23:59:59Z\"");
		}

		@Test
		void carryWhenHeadersAreNumbersShouldWriteTheirEveryDigit() throws Exception {
			Map<String, Object> headers = Map.of("decimal", new BigDecimal("1.10"), "long", 9_007_199_254_740_993L,
					"double", 0.1, "float", 1.1f);
			publish(new BasicProperties.Builder().headers(headers).build(), utf8("numbers"));
			assertThat(this.stream.nextEvent().data()).contains("\"decimal\":1.10", "\"long\":9007199254740993",
					"\"double\":0.1", "\"float\":1.1");
		}

		@Test
		void carryWhenHeadersAreNothingShouldSayNull() throws Exception {
			Map<String, Object> headers = new HashMap<>();
			headers.put("nothing", null);
			headers.put("list", Arrays.asList(1, null));
			publish(new BasicProperties.Builder().headers(headers).build(), utf8("nothing"));
			assertThat(next().headers()).isEqualTo(headers);
		}

		@Test
		void carryWhenIdempotencyKeysAreNoTextShouldTakeNoneForTheOther() throws Exception {
			for (byte octet : new byte[] { (byte) 0xfe, (byte) 0xff }) {
				Object key = LongStringHelper.asLongString(new byte[] { octet });
				publish(new BasicProperties.Builder().headers(Map.of("Idempotency-Key", key)).build(),
						utf8("key " + octet));
				assertThat(next().body()).isEqualTo("key " + octet);
			}
		}

		@Test
		void carryWhenHeaderIsNoTextShouldTellItFromAnother() throws Exception {
			for (byte octet : new byte[] { (byte) 0xfe, (byte) 0xff }) {
				Object octets = LongStringHelper.asLongString(new byte[] { octet });
				publish(new BasicProperties.Builder().headers(Map.of("octets", octets)).build(), utf8("octets"));
				assertThat(next().headers())
					.isEqualTo(Map.of("octets", Base64.getEncoder().encodeToString(new byte[] { octet })));
			}
		}

		@Test
		void carryWhenOctetsGrowBeyondWhatAmqpTakesShouldSeeOrDeadLetterThem() throws Exception {
			// Octets that are not UTF-8 become U+FFFD, which has three bytes.
			byte[] octets = new byte[1 + 200];
			Arrays.fill(octets, (byte) 0xff);
			octets[0] = (byte) 200;
			publish(new RawProperties(RawProperties.MESSAGE_ID, octets), utf8("no text"));
			seenOrDead("no text");
		}

		@Test
		void carryWhenHeadersAreNestedTooDeepShouldSeeOrDeadLetterThem() throws Exception {
			publish(RawProperties.nested(10_000), utf8("deep"));
			seenOrDead("deep").ifPresent((seen) -> assertThat(seen.headers()).containsKey("x-hello-stream-omitted"));
		}

		/** Check that the message is in either place, and that the next one is seen. */
		private Optional<Entry> seenOrDead(String body) throws Exception {
			publish(null, utf8("after"));
			Entry first = next();
			if (first.body().equals(body)) {
				assertThat(next().body()).isEqualTo("after");
				return Optional.of(first);
			}
			assertThat(awaitDead().getBody()).isEqualTo(utf8(body));
			assertThat(first.body()).isEqualTo("after");
			return Optional.empty();
		}

		@Test
		void consumeWhenMessageIsTooLargeShouldDeadLetterItAndGoOn() throws Exception {
			byte[] large = new byte[16 * 1024 * 1024];
			Arrays.fill(large, (byte) 'x');
			publish(new BasicProperties.Builder().messageId("the large one").build(), large);
			publish(null, utf8("after the large one"));
			assertThat(next().body()).isEqualTo("after the large one");
			GetResponse dead = awaitDead();
			assertThat(dead.getBody()).isEqualTo(large);
			assertThat(dead.getProps().getMessageId()).isEqualTo("the large one");
			assertThat(dead.getProps().getHeaders()).as("reason and origin").hasSizeGreaterThanOrEqualTo(2);
		}

		@Test
		void logWhenBodyLooksLikeALogLineShouldStayOnOneLine() throws Exception {
			publish(null, utf8("x\r\n2026-01-01 WARN forged\u001b[2J"));
			next();
			assertThat(this.application.output().lines())
				.noneMatch((line) -> line.startsWith("2026-01-01 WARN forged"));
			assertThat(this.application.output()).doesNotContain("\u001b");
		}

		BrokerAddress broker() {
			return this.broker;
		}

		GetResponse awaitDead() {
			return Awaitility.await().until(this::getDead, (response) -> response != null);
		}

		private GetResponse getDead() throws IOException, TimeoutException {
			// On a separate channel, which the broker closes if the queue is missing.
			try (Channel asking = this.connection.createChannel()) {
				return asking.basicGet("hello.dead", true);
			}
			catch (IOException ex) {
				return null;
			}
		}

		void publish(BasicProperties properties, byte[] body) throws Exception {
			this.channel.basicPublish("", "hello", true, properties, body);
			this.channel.waitForConfirmsOrDie(30_000);
		}

		/** Read the next message, and check that its event is intact. */
		Entry next() throws IOException {
			Frame frame = this.stream.nextEvent();
			assertThat(frame.event()).isNull();
			Entry entry = Entry.parse(frame.data());
			assertThat(frame.id()).matches("[0-9]+\\.[0-9a-f]{8}").isEqualTo(entry.id());
			assertThat(frame.data()).doesNotContain("\n");
			return entry;
		}

		static byte[] utf8(String text) {
			return text.getBytes(StandardCharsets.UTF_8);
		}

	}

}
