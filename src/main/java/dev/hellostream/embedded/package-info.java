/**
 * An AMQP 0-9-1 broker inside the process (Apache Qpid Broker-J), for a first minute
 * without an installation. {@code Backpressure} makes publishers wait when much is
 * stored, and {@code GuardedProtocol} keeps out frames that would end the process.
 */
@NullMarked
package dev.hellostream.embedded;

import org.jspecify.annotations.NullMarked;
