/**
 * Live streams: each has a cursor in the log, which reads independently of the others.
 *
 * <pre>
 *   Tail ─ wakes ─► CursorLoop ─► Cursor ─► ChunkWriter ─► Outlet ─► socket
 *     │             one for each  one for each subscriber
 *     │             event loop      │
 *   log ─────────── CatchUp ────────┘ where a cursor is far behind or not in the tail,
 *                                     as many as CatchUpPermits allows
 * </pre>
 *
 * {@code LiveStreams} serves a response. {@code ChunkCache} shares the encoded bytes
 * between cursors of one loop and format at the same place. {@code NettyOutlet} takes
 * over the connection from the response, so that an idle subscriber needs little memory.
 */
@NullMarked
package dev.hellostream.live;

import org.jspecify.annotations.NullMarked;
