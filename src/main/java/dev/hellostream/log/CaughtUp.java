package dev.hellostream.log;

/**
 * The reader has been given everything that was in the log. Said at the end of each read,
 * and true when it is said.
 *
 * @param position the position of the last entry that was there, shown or hidden, or of
 * the log's beginning: reading after it gives what is appended from now on
 */
public record CaughtUp(Position position) implements LogItem {

}
