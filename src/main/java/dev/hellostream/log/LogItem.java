package dev.hellostream.log;

/**
 * What a reader of the log is told: an entry, a gap, or that it has caught up.
 */
public sealed interface LogItem permits Entry, Gap, CaughtUp {

	/**
	 * Where the reader is with this item: it continues after this position.
	 * @return the position of an entry, the one that was asked for where there is a gap,
	 * or that of the end
	 */
	Position position();

}
