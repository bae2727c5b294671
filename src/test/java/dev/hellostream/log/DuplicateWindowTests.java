package dev.hellostream.log;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DuplicateWindow}.
 */
class DuplicateWindowTests {

	private static final ReceivedMessage KEYED = MessageLogContract.message("a", "key", false, null);

	private static final ReceivedMessage DELIVERED = MessageLogContract.message("a", null, false, "id");

	private static final ReceivedMessage REDELIVERED = MessageLogContract.message("a", null, true, "id");

	private final DuplicateWindow window = new DuplicateWindow();

	@Test
	void repetitionShouldBeKnownToTheLastOffsetOfTheWindow() {
		assertThat(this.window.repeats(7, KEYED)).isFalse();
		assertThat(this.window.repeats(7 + DuplicateWindow.SIZE, KEYED)).isTrue();
		assertThat(this.window.repeats(8 + 2 * DuplicateWindow.SIZE, KEYED)).isFalse();
	}

	@Test
	void redeliveryShouldBeKnownWhicheverComesFirst() {
		assertThat(this.window.repeats(1, DELIVERED)).isFalse();
		assertThat(this.window.repeats(2, REDELIVERED)).isTrue();
		assertThat(this.window.repeats(3, DELIVERED)).isTrue();
		assertThat(this.window.repeats(4, DELIVERED)).isFalse();
	}

	@Test
	void keysThatAreNoTextShouldTellNothing() {
		// Octets that are not UTF-8 have become U+FFFD, whatever they were.
		ReceivedMessage one = MessageLogContract.message("one", "\uFFFD", false, null);
		ReceivedMessage other = MessageLogContract.message("other", "\uFFFD", false, null);
		assertThat(this.window.repeats(1, one)).isFalse();
		assertThat(this.window.repeats(2, other)).isFalse();
	}

	@Test
	void appendThatWasTriedTwiceShouldBeKnownWithoutAnyIdOfTheMessage() {
		ReceivedMessage plain = MessageLogContract.message("a", null, false, null);
		assertThat(this.window.repeats(1, plain, "append/1")).isFalse();
		assertThat(this.window.repeats(2, plain, "append/2")).isFalse();
		assertThat(this.window.repeats(3, plain, "append/1")).isTrue();
		assertThat(this.window.repeats(4, plain, null)).isFalse();
	}

}
