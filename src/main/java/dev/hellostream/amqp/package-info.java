/**
 * Connections to the broker, descriptions of its refusals, and a publisher with confirms
 * that keeps the order.
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
 * an in-order publisher does so only after {@code resume()}. {@code BrokerRefusal}
 * reports that the broker refused one operation.
 */
@NullMarked
package dev.hellostream.amqp;

import org.jspecify.annotations.NullMarked;
