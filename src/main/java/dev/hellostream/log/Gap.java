package dev.hellostream.log;

import org.jspecify.annotations.Nullable;

/**
 * Reports that a read cannot continue exactly: entries have been removed, or the position
 * is unknown, as one of an earlier log. It continues with the first entry that exists.
 *
 * @param asked the position after which the reader wanted to continue
 * @param first the position of the next entry, {@code null} if there is none yet
 */
public record Gap(Position asked, @Nullable Position first) implements LogItem {

	/** The requested one: a client that resumes after it receives the gap again. */
	@Override
	public Position position() {
		return this.asked;
	}

	/**
	 * Write a gap as JSON, with every line end escaped.
	 * @param asked the requested position, or any text that a client sent instead
	 * @param first the position of the next entry, {@code null} if there is none yet
	 * @return a JSON object on one line, in UTF-8
	 */
	public static byte[] json(String asked, @Nullable Position first) {
		return EntryEncoder.gap(asked, first);
	}

}
