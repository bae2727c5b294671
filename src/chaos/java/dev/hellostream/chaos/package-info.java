/**
 * Breaks things under load, again and again, and counts what those lose who publish and
 * watch.
 */
@NullMarked
package dev.hellostream.chaos;

import org.jspecify.annotations.NullMarked;
