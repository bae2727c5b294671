package dev.hellostream.log;

/**
 * What is in memory of a log.
 *
 * @param first the offset of the oldest entry, or where the log stands if there is none
 * @param last the offset of the newest entry, or where the log stands if there is none
 * @param entries how many there are
 * @param bytes how much heap they take, about
 */
public record LogExtent(long first, long last, int entries, long bytes) {

	/**
	 * Nothing in memory, of a log that has not begun.
	 */
	public static final LogExtent NONE = new LogExtent(0, 0, 0, 0);

}
