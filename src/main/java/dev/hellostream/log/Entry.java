package dev.hellostream.log;

/**
 * A message at its place in the log, encoded once for everybody. Immutable; the bytes are
 * never written again.
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
 * @param lineStart where in the event the JSON of the entry begins: a line, which ends
 * one byte before the event does
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Entry(long offset, int tag, byte[] event, int lineStart) implements LogItem {

	/** The objects and references around the event, measured with a heap histogram. */
	static final int OVERHEAD = 64;

	/**
	 * Encode a message.
	 * @param position the place that it has been given
	 * @param message what was received
	 * @return the entry
	 */
	public static Entry of(Position position, ReceivedMessage message) {
		return EntryEncoder.entry(position, message);
	}

	/** Made when it is asked for: the log holds many entries. */
	@Override
	public Position position() {
		return new Position(this.offset, this.tag);
	}

	/**
	 * How long the line is, with its end.
	 * @return the number of bytes
	 */
	public int lineLength() {
		return this.event.length - 1 - this.lineStart;
	}

	/**
	 * How much memory the entry takes, about.
	 * @return its weight in bytes of heap
	 */
	public int weight() {
		return OVERHEAD + this.event.length;
	}

}
