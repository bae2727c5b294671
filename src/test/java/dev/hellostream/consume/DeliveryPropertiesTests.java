package dev.hellostream.consume;

import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.core.MessageProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryProperties}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeliveryPropertiesTests {

	private static final Envelope ENVELOPE = new Envelope(7, true, "shop", "orders.paid");

	@Test
	void everythingThatIsReadLaterShouldBeTakenOver() {
		Date time = Date.from(Instant.ofEpochSecond(7));
		MessageProperties properties = convert(new BasicProperties.Builder().messageId("id")
			.timestamp(time)
			.contentType("text/plain")
			.contentEncoding("gzip")
			.correlationId("correlation")
			.replyTo("reply")
			.type("type")
			.appId("app")
			.priority(3)
			.build());
		assertThat(properties.getMessageId()).isEqualTo("id");
		assertThat(properties.getTimestamp()).isEqualTo(time);
		assertThat(properties.getContentType()).isEqualTo("text/plain");
		assertThat(properties.getContentEncoding()).isEqualTo("gzip");
		assertThat(properties.getCorrelationId()).isEqualTo("correlation");
		assertThat(properties.getReplyTo()).isEqualTo("reply");
		assertThat(properties.getType()).isEqualTo("type");
		assertThat(properties.getAppId()).isEqualTo("app");
		assertThat(properties.getPriority()).isEqualTo(3);
		assertThat(properties.getDeliveryTag()).isEqualTo(7);
		assertThat(properties.getRedelivered()).isTrue();
		assertThat(properties.getReceivedExchange()).isEqualTo("shop");
		assertThat(properties.getReceivedRoutingKey()).isEqualTo("orders.paid");
	}

	@Test
	void deliveryThatSaysNothingShouldBeTakenAsItIs() {
		MessageProperties properties = convert(new BasicProperties());
		assertThat(properties.getContentType()).isNull();
		assertThat(properties.getHeaders()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1, 2, 3, 255 })
	void deliveryModeShouldNotMatter(int mode) {
		assertThat(convert(new BasicProperties.Builder().deliveryMode(mode).build()).getDeliveryTag()).isEqualTo(7);
	}

	@Test
	void headersShouldStayAsTheyCameAndOutOfTheLog(CapturedOutput output) {
		Object nested = "deep";
		for (int i = 0; i < 100_000; i++) {
			nested = List.of(nested);
		}
		Map<String, Object> headers = new HashMap<>();
		headers.put("x-death", "one\nforged");
		headers.put("x-delay", "soon");
		headers.put("nothing", null);
		headers.put("nested", nested);
		MessageProperties properties = convert(new BasicProperties.Builder().headers(headers).build());
		assertThat(properties.getHeaders()).hasSize(4);
		headers.forEach((name, value) -> assertThat(properties.getHeaders().get(name) == value).as(name).isTrue());
		assertThat(output).doesNotContain("forged");
	}

	private static MessageProperties convert(BasicProperties source) {
		return new DeliveryProperties().toMessageProperties(source, ENVELOPE, "UTF-8");
	}

}
