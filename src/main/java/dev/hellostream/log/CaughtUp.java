package dev.hellostream.log;

/**
 * Reports that the reader has received every entry of the log. Emitted at the end of each
 * read, and true at the time of its emission.
 *
 * @param position the position to continue after: at the end of the log, that of the
 * newest entry in the tail, or the tail's floor if there is none
 */
public record CaughtUp(Position position) implements LogItem {

}
