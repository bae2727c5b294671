/**
 * The fan-out: three tasks at once, one answer. A leaf that nothing else uses.
 */
@NullMarked
package dev.hellostream.hello;

import org.jspecify.annotations.NullMarked;
