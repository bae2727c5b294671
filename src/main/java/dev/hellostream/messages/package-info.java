/**
 * {@code GET /messages}: a page of the history, one message, or a live stream, which
 * {@code live} writes.
 */
@NullMarked
package dev.hellostream.messages;

import org.jspecify.annotations.NullMarked;
