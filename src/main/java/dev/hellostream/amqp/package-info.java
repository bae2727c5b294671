/**
 * Connections to the broker, what the broker says when it refuses, and one publisher with
 * confirms, in order.
 *
 * <pre>
 *   any thread          publish-writer              AMQP reader           publish-signals
 *   publish ─► PublicationQueue ─► PublisherLink ─► broker
 *                                       │              │
 *                               UnconfirmedWindow ◄────┘ ack, nack, return
 *                                       └──────────────────────────► result of publish
 * </pre>
 *
 * A lost channel is opened again by {@code PublicationWriter}; {@code BrokerRefusal}
 * tells a refusal that will last from one that will pass.
 */
@NullMarked
package dev.hellostream.amqp;

import org.jspecify.annotations.NullMarked;
