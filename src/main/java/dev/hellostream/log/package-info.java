/**
 * The log: what was received, in one order, numbered, bounded, and readable from any
 * position.
 */
@NullMarked
package dev.hellostream.log;

import org.jspecify.annotations.NullMarked;
