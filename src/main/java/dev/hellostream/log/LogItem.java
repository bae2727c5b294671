package dev.hellostream.log;

/**
 * What a reader of the log is told: an entry, a gap, or that it has caught up.
 */
public sealed interface LogItem permits LogEntry, Gap, CaughtUp {

}
