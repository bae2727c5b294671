package dev.hellostream.publish;

import java.net.URI;
import java.nio.charset.StandardCharsets;

import dev.hellostream.testing.Seed;
import dev.hellostream.web.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MessageBody}.
 */
class MessageBodyTests {

	private static final URI TARGET = URI.create("http://localhost:1/messages");

	private static final String[] PARTS = { "text", "application", "/", "/", "plain", "json", "x+json", "octet-stream",
			"*", ";", ";charset=", "utf-8", "UTF-16", "latin1", "\"", "\\", " ", "\r\n", "\u0000", ";a=", ",", "é",
			"a".repeat(250) };

	@Test
	void typeThatIsTakenShouldBeShortVisibleAndReadBack() {
		Seed.forEach(5_000, (random) -> {
			StringBuilder text = new StringBuilder(random.nextBoolean() ? "application/ld+json" : "");
			for (int i = random.nextInt(9); i >= 0; i--) {
				text.append(PARTS[random.nextInt(PARTS.length)]);
			}
			try {
				MediaType type = MediaType.parseMediaType(text.toString());
				MessageBody.checkType(type, TARGET);
				assertThat(type.toString()).matches("[\\x20-\\x7e]{1,255}");
				assertThat(MediaType.parseMediaType(type.toString())).isEqualTo(type);
			}
			catch (InvalidMediaTypeException | ProblemException ex) {
				assertThat(ex).hasMessageNotContaining("Exception");
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain;a=\"\u00e9\"", "text/plain;a=\"\u0001\"" })
	void typeThatIsNotVisibleShouldBeRefused(String type) {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> MessageBody.checkType(MediaType.parseMediaType(type), TARGET))
			.withMessageContaining("visible ASCII");
	}

	@Test
	void bodyThatIsAnyBytesShouldPassOrBeAProblem() {
		Seed.forEach(1_000, (random) -> {
			byte[] body = Seed.text(random, 20).getBytes(StandardCharsets.UTF_8);
			if (random.nextBoolean()) {
				random.nextBytes(body);
			}
			for (MediaType type : new MediaType[] { MediaType.TEXT_PLAIN, MediaType.APPLICATION_JSON }) {
				try {
					MessageBody.check(type, body, TARGET);
				}
				catch (ProblemException ex) {
					assertThat(ex.getBody().getStatus()).isEqualTo(400);
				}
			}
		});
	}

}
