/**
 * Live streams: each subscriber is a place in the log's tail, and reads there by itself.
 *
 * <pre>
 *   Tail ─ wakes ─► CursorLoop ─► Cursor ─► ChunkWriter ─► Outlet ─► socket
 *     │             one for each  one for each subscriber
 *     │             event loop      │
 *   log ─────────── CatchUp ────────┘ where a cursor is far behind or not in the tail,
 *                                     as many as CatchUpPermits allows
 * </pre>
 *
 * {@code LiveStreams} serves a response. {@code ChunkCache} lets cursors of one loop and
 * format that are at the same place share their bytes, and {@code NettyOutlet} takes the
 * connection over from the response, so that an idle subscriber costs little.
 */
@NullMarked
package dev.hellostream.live;

import org.jspecify.annotations.NullMarked;
