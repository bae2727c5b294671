/**
 * From HTTP to the queue: {@code POST /messages}, answered once the broker has confirmed.
 */
@NullMarked
package dev.hellostream.publish;

import org.jspecify.annotations.NullMarked;
