/**
 * The start: in which order the parts of the application start and stop, and the one
 * sentence with which a start ends that cannot be what was meant. It says what is wrong,
 * and what would be right.
 */
@NullMarked
package dev.hellostream.start;

import org.jspecify.annotations.NullMarked;
