package dev.hellostream.log;

/**
 * What both kinds of log tell of themselves. Safe for use by any thread.
 */
public interface MeasuredLog {

	/** What is in memory. */
	LogExtent extent();

	/** How many entries were hidden since the start, because they repeat another. */
	long hidden();

}
