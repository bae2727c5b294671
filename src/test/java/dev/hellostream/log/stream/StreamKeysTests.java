package dev.hellostream.log.stream;

import dev.hellostream.log.MessageLogContract;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamKeys}.
 */
class StreamKeysTests {

	private final StreamKeys keys = new StreamKeys();

	@Test
	void findShouldKnowAMessageToTheLastOffset() {
		ReceivedMessage message = MessageLogContract.message("a", null, false, "id");
		add(7, message);
		add(6 + StreamKeys.SIZE, MessageLogContract.message("b", null, false, "id"));
		assertThat(this.keys.find(message)).isEqualTo(new Position(7, 0));
		add(7 + StreamKeys.SIZE, MessageLogContract.message("c", null, false, "id"));
		assertThat(this.keys.find(message)).isNull();
	}

	@Test
	void findWhenThereAreSeveralShouldKnowTheNewest() {
		ReceivedMessage message = MessageLogContract.message("a", "key", false, null);
		add(1, message);
		add(2, message);
		assertThat(this.keys.find(message)).isEqualTo(new Position(2, 0));
	}

	@Test
	void findWhenAMessageHasNoKeyShouldKnowNothing() {
		ReceivedMessage message = MessageLogContract.message("a", null, true, null);
		add(1, message);
		assertThat(this.keys.find(message)).isNull();
	}

	private void add(long offset, ReceivedMessage message) {
		this.keys.add(new Position(offset, 0), message);
	}

}
