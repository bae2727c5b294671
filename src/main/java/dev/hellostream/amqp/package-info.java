/**
 * Connections to the broker, the broker's refusals in words, and a publisher with
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
 * When a channel is lost, {@code PublicationWriter} opens another with the next message;
 * a publisher in order does so only after {@code resume()}. {@code BrokerRefusal} is the
 * broker's no to one operation.
 */
@NullMarked
package dev.hellostream.amqp;

import org.jspecify.annotations.NullMarked;
