/**
 * Limits of a connection: how many there are, time for a head and for the rest of a body
 * that was answered early, number of header fields, time in which a client takes nothing
 * of an answer. {@code BareResponses} gives a problem document to what never becomes a
 * request.
 */
@NullMarked
package dev.hellostream.web.connection;

import org.jspecify.annotations.NullMarked;
