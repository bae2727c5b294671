/**
 * The log: what was received, in one order, numbered, bounded, and readable from any
 * position. {@link dev.hellostream.log.MessageLog} is what others see of it; there are
 * two. The log in memory is here, the other one is in {@code log.stream}.
 *
 * <pre>
 *   InMemoryMessageLog.append ─► Position (the number) ─► RetainedEntries ─► InMemoryLogReader
 *             │                                            the newest         one for each read
 *             └─ DuplicateWindow: a repetition is hidden
 * </pre>
 *
 * {@code LogReader} hands items to a subscriber of either log, on demand.
 */
@NullMarked
package dev.hellostream.log;

import org.jspecify.annotations.NullMarked;
