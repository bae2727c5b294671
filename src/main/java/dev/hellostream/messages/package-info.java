/**
 * {@code GET /messages}: pages of the history, single messages, and the way to a live
 * stream.
 */
@NullMarked
package dev.hellostream.messages;

import org.jspecify.annotations.NullMarked;
