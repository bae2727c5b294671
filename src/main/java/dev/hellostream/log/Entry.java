package dev.hellostream.log;

/**
 * A message at its position in the log, encoded once for all readers. Immutable; the
 * bytes must not be changed.
 *
 * <pre>
 * id: 42.c01dcafe\n  data: {"id":"42.c01dcafe", … }\n  \n
 * └───────────────── server-sent event ─────────────────┘
 *                          └───────── line ─────────┘
 * </pre>
 *
 * @param offset the offset of its position
 * @param tag the tag of its position
 * @param event the bytes of the server-sent event
 * @param lineStart the index in the event at which the JSON line begins; the line ends
 * one byte before the event does
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Entry(long offset, int tag, byte[] event, int lineStart) implements LogItem {

	/** Heap bytes of objects and references around the event, by a heap histogram. */
	static final int OVERHEAD = 64;

	/**
	 * Encode a message.
	 * @param position its position in the log
	 * @param message the message
	 * @return the entry
	 */
	public static Entry of(Position position, ReceivedMessage message) {
		return EntryEncoder.entry(position, message);
	}

	/** Created on each call, to save heap: the tail holds many entries. */
	@Override
	public Position position() {
		return new Position(this.offset, this.tag);
	}

	/**
	 * Return the length of the line, including its line feed.
	 * @return the number of bytes
	 */
	public int lineLength() {
		return this.event.length - 1 - this.lineStart;
	}

	/**
	 * Estimate the memory of the entry.
	 * @return its weight in bytes of heap
	 */
	public int weight() {
		return OVERHEAD + this.event.length;
	}

}
