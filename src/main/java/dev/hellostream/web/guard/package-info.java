/**
 * Which requests are served. The guard asks for which host a request is and from which
 * page it comes, before any handler sees it. Authentication belongs here, as the next
 * filter.
 */
@NullMarked
package dev.hellostream.web.guard;

import org.jspecify.annotations.NullMarked;
