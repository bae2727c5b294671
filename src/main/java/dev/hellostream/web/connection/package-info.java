/**
 * Limits for connections: their number, the time for a head and for the rest of a body
 * that was answered early, the number of header fields, and the time in which a client
 * reads nothing of a response. {@code BareResponses} adds problem documents to responses
 * that Reactor Netty or these limits send without one.
 */
@NullMarked
package dev.hellostream.web.connection;

import org.jspecify.annotations.NullMarked;
