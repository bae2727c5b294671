package dev.hellostream.log;

/**
 * An item that a reader of the log receives: an entry, a gap, or the end of the log.
 */
public sealed interface LogItem permits Entry, Gap, CaughtUp {

	/**
	 * Return the position after which a reader that has this item continues.
	 * @return the position of the entry, the requested one for a gap, or that of the end
	 * of the log
	 */
	Position position();

}
