package dev.hellostream.log;

/**
 * The part of a log that is in memory.
 *
 * @param first the offset of the oldest entry since the last beginning, or else of the
 * floor
 * @param last the offset of the newest entry since then, or else of the floor
 * @param entries the number of entries, including those before that beginning
 * @param bytes the estimated heap of these entries
 */
public record LogExtent(long first, long last, int entries, long bytes) {

	/**
	 * The extent of a log that has not begun: nothing in memory.
	 */
	public static final LogExtent NONE = new LogExtent(0, 0, 0, 0);

}
