package dev.hellostream.log;

import org.jspecify.annotations.Nullable;

/**
 * The reader cannot be given what it asked for: entries have gone, or the position
 * belongs to a log that is no more. Reading goes on with the first entry that is there.
 *
 * @param asked the position that the reader wanted to continue after
 * @param first the position of the entry that follows, {@code null} if none follows yet
 */
public record Gap(Position asked, @Nullable Position first) implements LogItem {

}
