/**
 * The start: the order in which the parts of the application start and stop, and the
 * checks that end a start whose settings are wrong, with a short message that names the
 * problem and the next step.
 */
@NullMarked
package dev.hellostream.start;

import org.jspecify.annotations.NullMarked;
