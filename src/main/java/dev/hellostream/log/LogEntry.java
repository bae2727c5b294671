package dev.hellostream.log;

/**
 * A message at its place in the log.
 *
 * @param position names the entry
 * @param message what was received
 */
public record LogEntry(Position position, ReceivedMessage message) implements LogItem {

}
