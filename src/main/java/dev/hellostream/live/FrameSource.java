package dev.hellostream.live;

import dev.hellostream.log.MessageLog;

/**
 * Where cursors get their frames.
 *
 * @param ring the newest frames
 * @param log everything else
 * @param encoder makes frames of what is read from the log
 * @param permits bounds how many read the log at a time
 * @param memory where chunks of frames are put
 */
record FrameSource(FrameRing ring, MessageLog log, FrameEncoder encoder, CatchUpPermits permits, ChunkMemory memory) {

}
