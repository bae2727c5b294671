/**
 * From the queue to the log: one listener an instance, acknowledging what is appended.
 */
@NullMarked
package dev.hellostream.consume;

import org.jspecify.annotations.NullMarked;
