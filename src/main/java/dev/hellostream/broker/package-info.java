/**
 * The broker side that others build on: the embedded broker, the queue as it was found,
 * and the one channel that publishes with confirms.
 */
@NullMarked
package dev.hellostream.broker;

import org.jspecify.annotations.NullMarked;
