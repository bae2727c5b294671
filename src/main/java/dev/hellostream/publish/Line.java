package dev.hellostream.publish;

import org.jspecify.annotations.Nullable;

/**
 * A message of a body that has one a line.
 *
 * @param number its number, from one
 * @param text the line without its end, {@code null} if it is too long
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Line(long number, byte @Nullable [] text) {

}
