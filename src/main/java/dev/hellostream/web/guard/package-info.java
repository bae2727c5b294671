/**
 * The filter before every handler: a request for another host, or from a page of another
 * origin, is refused. Authentication, once there is any, is the next filter.
 * {@code ListenAddressCheck} ends the start if the application would listen beyond
 * loopback and no hosts are allowed.
 */
@NullMarked
package dev.hellostream.web.guard;

import org.jspecify.annotations.NullMarked;
