/**
 * Limits of a connection that apply before there is a request, or after its answer:
 * number of connections, time for a head, size of a header, time without progress.
 */
@NullMarked
package dev.hellostream.web.connection;

import org.jspecify.annotations.NullMarked;
