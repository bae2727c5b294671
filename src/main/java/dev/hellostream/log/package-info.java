/**
 * The log: what was received, in one order, numbered, bounded, and readable from any
 * position. Other packages see {@link dev.hellostream.log.MessageLog}. It has two
 * implementations: the one in memory is here, the other is in {@code log.stream}.
 *
 * <pre>
 *   InMemoryMessageLog.append ─► Position ─► DuplicateWindow ─► RetainedEntries ─► InMemoryLogReader
 *                                                  │              the newest         one for each read
 *                                                  └─ a repetition gets a position and is not kept
 * </pre>
 *
 * {@code LogReader} hands items to a subscriber of either log, on demand.
 */
@NullMarked
package dev.hellostream.log;

import org.jspecify.annotations.NullMarked;
