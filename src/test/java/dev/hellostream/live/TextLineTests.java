package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.hellostream.log.Entry;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TextLine}.
 */
class TextLineTests {

	private static final Instant TIME = Instant.parse("2026-11-27T06:26:53Z");

	private static final Position POSITION = Position.parse("12.9b26df43").orElseThrow();

	@Test
	void textShouldBeTimeIdKeyAndBody() {
		assertThat(line("Hello from pika".getBytes(StandardCharsets.UTF_8), null))
			.isEqualTo("06:26:53.000 12.9b26df43 hello  Hello from pika\n");
	}

	@Test
	void nothingInABodyShouldEndTheLineOrReachTheTerminal() {
		assertThat(line("a\r\nb\u001b[2J\u202e".getBytes(StandardCharsets.UTF_8), null))
			.isEqualTo("06:26:53.000 12.9b26df43 hello  a\\u{d}\\u{a}b\\u{1b}[2J\\u{202e}\n");
	}

	@Test
	void bytesShouldBeCounted() {
		byte[] bytes = new byte[1_024];
		bytes[0] = (byte) 0xff;
		assertThat(line(bytes, "image/png\n")).endsWith("  <1,024 bytes, image/png\\u{a}>\n");
		assertThat(line(bytes, null)).endsWith("  <1,024 bytes>\n");
	}

	@Test
	void bodyThatIsLargeShouldNotBeRead() {
		assertThat(line(new byte[1024 * 1024], "text/plain")).endsWith(" hello  <too large for a line, text/plain>\n");
	}

	@Test
	void headersShouldBePassedOver() {
		Map<String, Object> headers = Map.of("body", "not this", "id", List.of(1, Map.of("gap", "nor this")));
		assertThat(line(Entry.of(POSITION,
				new ReceivedMessage(TIME, null, null, false, null, null, "hello", headers, new byte[] { 'a' }))))
			.isEqualTo("06:26:53.000 12.9b26df43 hello  a\n");
	}

	@Test
	void gapShouldBeASentence() {
		assertThat(line(new Gap(POSITION, Position.parse("40.c01dcafe").orElseThrow())))
			.isEqualTo("-- 12.9b26df43 no longer exists, 40.c01dcafe follows\n");
		assertThat(line(new Gap(POSITION, null)))
			.isEqualTo("-- 12.9b26df43 no longer exists, the next entry follows\n");
	}

	private String line(byte[] body, @Nullable String contentType) {
		return line(Entry.of(POSITION,
				new ReceivedMessage(TIME, null, null, false, null, contentType, "hello", Map.of(), body)));
	}

	private static String line(LogItem item) {
		ByteBuf buffer = Unpooled.buffer();
		LiveFormat.TEXT.write(item, buffer);
		return buffer.toString(StandardCharsets.UTF_8);
	}

}
