package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReceivedMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The entries that are appended to a log, recorded before they are appended: the sequence
 * that every live stream is checked against. Entries are numbered from 0 as live streams
 * show them, without the repetitions that the log hides. One thread appends, any thread
 * may read.
 */
final class AppendedEntries {

	private final int retained;

	private final Map<Position, Integer> numbers = new ConcurrentHashMap<>();

	private final List<ReceivedMessage> messages = Collections.synchronizedList(new ArrayList<>());

	private final List<Position> positions = Collections.synchronizedList(new ArrayList<>());

	private long offset;

	private volatile int stored;

	/**
	 * Create an empty sequence.
	 * @param retained the number of entries that the log keeps
	 */
	AppendedEntries(int retained) {
		this.retained = retained;
	}

	/** Set the position before entry 0. */
	void beginAfter(Position beginning) {
		this.numbers.put(beginning, -1);
	}

	void append(MessageLog log, int padding) {
		String body = this.messages.size() + " " + "x".repeat(padding);
		ReceivedMessage message = new ReceivedMessage(Instant.EPOCH, null, "key " + this.messages.size(), false, null,
				null, "hello", Map.of(), body.getBytes(StandardCharsets.UTF_8));
		Position position = Position.of(++this.offset, message);
		this.numbers.put(position, this.positions.size());
		this.messages.add(message);
		this.positions.add(position);
		assertThat(log.append(message).block()).isEqualTo(position);
		this.stored = this.positions.size();
	}

	/** Append a repetition, which is hidden and leaves a hole in the offsets. */
	void repeatLast(MessageLog log) {
		if (!this.messages.isEmpty()) {
			this.offset++;
			log.append(this.messages.get(this.messages.size() - 1)).block();
		}
	}

	int size() {
		return this.positions.size();
	}

	Position position(int number) {
		return this.positions.get(number);
	}

	/**
	 * Find an entry.
	 * @param position its position
	 * @return its number, -1 for the beginning of the log, -2 if it is unknown
	 */
	int number(Position position) {
		return this.numbers.getOrDefault(position, -2);
	}

	/** The highest number that the oldest entry can have. */
	int firstAtMost() {
		return Math.max(0, this.positions.size() - this.retained);
	}

	/** The lowest number that the oldest entry can have: lower ones are removed. */
	int firstAtLeast() {
		return Math.max(0, this.stored - this.retained);
	}

}
