/**
 * Ends a start that cannot be what was meant, with one sentence that says what is wrong
 * and what would be right.
 */
@NullMarked
package dev.hellostream.start;

import org.jspecify.annotations.NullMarked;
