/**
 * From the log to the browsers: every entry encoded once, a cursor for each subscriber.
 */
@NullMarked
package dev.hellostream.sse;

import org.jspecify.annotations.NullMarked;
