package dev.hellostream.log;

import java.nio.charset.StandardCharsets;

import dev.hellostream.testing.Seed;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OneLine}.
 */
class OneLineTests {

	@Test
	void textShouldBeOneBoundedLineWhateverTheBodyHolds() {
		Seed.forEach(5_000, (random) -> {
			byte[] body = new byte[random.nextInt(400)];
			random.nextBytes(body);
			for (byte[] any : new byte[][] { body, Seed.text(random, 300).getBytes(StandardCharsets.UTF_8) }) {
				String line = OneLine.of(any);
				assertThat(line.length()).isLessThan(2_000);
				assertThat(line.codePoints()).noneMatch((character) -> Character.isISOControl(character)
						|| Character.getType(character) == Character.FORMAT || character == 0x2028
						|| character == 0x2029);
			}
		});
	}

}
