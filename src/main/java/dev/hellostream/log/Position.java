package dev.hellostream.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Identifies an entry, not only its place: {@code <offset>.<tag>}. The tag is a checksum
 * over stored parts of the entry: a position of one log is not mistaken for a place in
 * another, and instances that read the same log compute the same tag.
 *
 * @param offset the number of the entry in the log
 * @param tag the checksum of the time of receipt, the message id and the body
 */
public record Position(long offset, int tag) {

	// Eighteen digits cannot overflow a long.
	private static final Pattern FORMAT = Pattern.compile("(0|[1-9][0-9]{0,17})\\.([0-9a-f]{8})");

	/**
	 * Create the position of an entry.
	 * @param offset its offset
	 * @param message its message, as stored
	 * @return its position
	 */
	public static Position of(long offset, ReceivedMessage message) {
		CRC32C checksum = new CRC32C();
		checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, message.receivedAt().toEpochMilli()));
		if (message.messageId() != null) {
			checksum.update(message.messageId().getBytes(StandardCharsets.UTF_8));
		}
		checksum.update(message.body());
		return new Position(offset, (int) checksum.getValue());
	}

	/**
	 * Parse a position as {@link #toString()} writes it.
	 * @param text the text that a client sent
	 * @return the position, empty if the text is not a position
	 */
	public static Optional<Position> parse(String text) {
		Matcher matcher = FORMAT.matcher(text);
		return matcher.matches()
				? Optional
					.of(new Position(Long.parseLong(matcher.group(1)), Integer.parseUnsignedInt(matcher.group(2), 16)))
				: Optional.empty();
	}

	@Override
	public String toString() {
		String digits = Integer.toHexString(this.tag);
		return this.offset + "." + "0".repeat(8 - digits.length()) + digits;
	}

}
