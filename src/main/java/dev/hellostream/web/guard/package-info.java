/**
 * The filter before every handler: a request for another host, or from a page of another
 * origin, is refused. Authentication, once there is some, is the next filter.
 * {@code ListenAddressCheck} ends a start beyond loopback without allowed hosts.
 */
@NullMarked
package dev.hellostream.web.guard;

import org.jspecify.annotations.NullMarked;
