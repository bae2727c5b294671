/**
 * The log: what was received, in one order, numbered, bounded, and readable from any
 * position. Other packages see {@link dev.hellostream.log.MessageLog}. It has two
 * implementations: the one in memory is here, the other is in {@code log.stream}.
 *
 * <pre>
 *   InMemoryMessageLog.append ─► Position ─► DuplicateWindow ─► Entry ─► Tail ─┬─► LogReading: pages
 *                                                  │           encoded  newest └─► live streams
 *                                                  └─ a repetition gets a position and is not kept
 * </pre>
 *
 * {@code Tail} is what both implementations have: the newest entries, encoded once, for
 * any number of readers at any place. {@code History} is what is older, which only the
 * stream has. {@code LogReading} reads one after the other.
 */
@NullMarked
package dev.hellostream.log;

import org.jspecify.annotations.NullMarked;
