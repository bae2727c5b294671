/**
 * The log: the received messages in one order, numbered, bounded, and readable from any
 * position. Other packages use {@link dev.hellostream.log.MessageLog}. It has two
 * implementations: the one in memory is here, the other is in {@code log.stream}.
 *
 * <pre>
 *   InMemoryMessageLog.append ─► Position ─► DuplicateWindow ─► Entry ─► Tail ─┬─► LogReading: pages
 *                                                  │           encoded  newest └─► live streams
 *                                                  └─ a repetition gets a position and is not kept
 * </pre>
 *
 * Both implementations have a {@code Tail}: the newest entries, encoded once, for any
 * number of readers at any place. {@code History} reads older entries, which only the
 * RabbitMQ stream has. {@code LogReading} combines the two.
 */
@NullMarked
package dev.hellostream.log;

import org.jspecify.annotations.NullMarked;
