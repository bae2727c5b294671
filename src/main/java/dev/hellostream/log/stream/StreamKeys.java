package dev.hellostream.log.stream;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;
import dev.hellostream.log.RepetitionKey;
import org.jspecify.annotations.Nullable;

/**
 * Positions of the messages with a key among the last {@value #SIZE} offsets of the
 * RabbitMQ stream. Not safe for use by several threads.
 */
final class StreamKeys {

	/** Many times the number of entries appended before a failed instance is noticed. */
	static final int SIZE = 65_536;

	/** In the order of their last occurrence. */
	private final Map<RepetitionKey, Position> positions = new LinkedHashMap<>();

	void add(Position position, ReceivedMessage message) {
		forgetUpTo(position.offset() - SIZE);
		RepetitionKey key = RepetitionKey.of(message);
		if (key != null) {
			this.positions.remove(key);
			this.positions.put(key, position);
		}
	}

	private void forgetUpTo(long offset) {
		Iterator<Position> all = this.positions.values().iterator();
		while (all.hasNext() && all.next().offset() <= offset) {
			all.remove();
		}
	}

	@Nullable Position find(ReceivedMessage message) {
		RepetitionKey key = RepetitionKey.of(message);
		return (key != null) ? this.positions.get(key) : null;
	}

}
