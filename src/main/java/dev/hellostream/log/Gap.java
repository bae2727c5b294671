package dev.hellostream.log;

import org.jspecify.annotations.Nullable;

/**
 * The reader cannot be given what it asked for: entries have gone, or the position
 * belongs to a log that is no more. Reading goes on with the first entry that is there.
 *
 * @param asked the position that the reader wanted to continue after
 * @param first the position of the entry that follows, {@code null} if none follows yet
 */
public record Gap(Position asked, @Nullable Position first) implements LogItem {

	/** A reader that is cut here asks for the same again, and is told the same again. */
	@Override
	public Position position() {
		return this.asked;
	}

	/**
	 * Write a gap as JSON, with every line end escaped.
	 * @param asked what was asked for, whatever that was
	 * @param first the first entry that is there, if there is one
	 * @return an object of one line, in UTF-8
	 */
	public static byte[] json(String asked, @Nullable Position first) {
		return EntryEncoder.gap(asked, first);
	}

}
