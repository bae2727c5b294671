package dev.hellostream.log;

import dev.hellostream.testing.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Position}.
 */
class PositionTests {

	@Test
	void parseShouldReadWhatToStringWrites() {
		for (Position position : new Position[] { new Position(0, 0), new Position(42, 0xc01dcafe),
				new Position(999_999_999_999_999_999L, -1) }) {
			assertThat(Position.parse(position.toString())).contains(position);
		}
		assertThat(new Position(42, 0xfe).toString()).isEqualTo("42.000000fe");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "42", "42.", ".c01dcafe", "42.C01DCAFE", "42.c01dcafe0", "42.c01dcaf", "042.c01dcafe",
			"-1.c01dcafe", "1000000000000000000.c01dcafe", "42.c01dcafe\n", " 42.c01dcafe", "٤٢.c01dcafe", "first",
			"null", "42.c01dcafe,43.c01dcafe" })
	void parseWhenTextIsNoPositionShouldBeEmpty(String text) {
		assertThat(Position.parse(text)).isEmpty();
	}

	@Test
	void positionShouldDependOnAllThatIsStored() {
		ReceivedMessage message = MessageLogContract.message("a", null, false, "id");
		assertThat(Position.of(1, message)).isEqualTo(Position.of(1, MessageLogContract.message("a", "k", true, "id")))
			.isNotEqualTo(Position.of(2, message))
			.isNotEqualTo(Position.of(1, MessageLogContract.message("b", null, false, "id")))
			.isNotEqualTo(Position.of(1, MessageLogContract.message("a", null, false, "other")));
	}

	@Test
	void parseShouldTakeNothingThatToStringWouldNotWrite() {
		Seed.forEach(5_000, (random) -> {
			Position position = new Position(random.nextLong(1_000_000_000_000_000_000L), random.nextInt());
			assertThat(Position.parse(position.toString())).contains(position);
			StringBuilder text = new StringBuilder(position.toString());
			int at = random.nextInt(text.length());
			text.replace(at, at + random.nextInt(2), Seed.text(random, 2));
			Position.parse(text.toString()).ifPresent((parsed) -> assertThat(parsed).hasToString(text.toString()));
		});
	}

}
