/**
 * An AMQP 0-9-1 broker inside the process (Apache Qpid Broker-J), for use without an
 * installation. {@code Backpressure} slows publishers down when many messages are stored,
 * and {@code GuardedProtocol} keeps out frames that would end the process.
 */
@NullMarked
package dev.hellostream.embedded;

import org.jspecify.annotations.NullMarked;
