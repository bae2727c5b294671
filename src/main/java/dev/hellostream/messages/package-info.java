/**
 * {@code GET /messages}: a page of the log, one entry, or a live stream, which the
 * package {@code live} writes.
 */
@NullMarked
package dev.hellostream.messages;

import org.jspecify.annotations.NullMarked;
