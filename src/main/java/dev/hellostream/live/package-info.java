/**
 * Live streams: every entry is encoded once, and each subscriber has a place of its own.
 *
 * <pre>
 *   log ─► RingReader ─► FrameRing ─ wakes ─► CursorLoop ─► Cursor ─► ChunkWriter ─► Outlet ─► socket
 *    │     (encodes)                          one for each  one for each subscriber
 *    │                                        event loop        │
 *    └──────────── CatchUp, at most CatchUpPermits at a time ───┘  where a cursor is behind the ring
 * </pre>
 *
 * {@code LiveStreams} is the entrance. {@code ChunkCache} lets cursors at the same place
 * share their bytes, and {@code NettyOutlet} takes the connection over from the response,
 * so that an idle subscriber costs little.
 */
@NullMarked
package dev.hellostream.live;

import org.jspecify.annotations.NullMarked;
