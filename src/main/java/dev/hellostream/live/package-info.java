/**
 * Live streams: every entry is encoded once, and each subscriber has a place of its own.
 *
 * <pre>
 *   log ─► RingReader ─► FrameRing ─► CursorLoop ─► Cursor ─► ChunkWriter ─► Outlet ─► socket
 *    │     encodes and                 one for each  one for each subscriber
 *    │     wakes the loops             event loop       │
 *    └──────────────── CatchUp ─────────────────────────┘ where a cursor is behind the ring,
 *                                                         as many as CatchUpPermits allows
 * </pre>
 *
 * {@code LiveStreams} serves a response. {@code ChunkCache} lets cursors of one loop and
 * format that are at the same place share their bytes, and {@code NettyOutlet} takes the
 * connection over from the response, so that an idle subscriber costs little.
 */
@NullMarked
package dev.hellostream.live;

import org.jspecify.annotations.NullMarked;
