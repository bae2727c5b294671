/**
 * From the queue to the log. A message is acknowledged when the log or the dead-letter
 * queue has it.
 *
 * <pre>
 *   broker ─► Consumption ─► QueueListener ─┬─► MessageLog.append ─┬─► Acknowledgements ─► broker
 *                                           │          │ cannot be │
 *                                           │          ▼ stored    │
 *                                           └─────► DeadLetters ───┘
 * </pre>
 *
 * {@code DeadLetters} publishes messages that are too large, cannot be decoded, were
 * returned too often or cannot be stored. {@code DeliveryMemory} bounds the deliveries
 * under way. {@code QueueConsumer} opens the connection, and a new one after a loss.
 * {@code Prefetch} lowers the number of deliveries until a message that closes every
 * connection is alone, and {@code QueueConsumer} skips it.
 */
@NullMarked
package dev.hellostream.consume;

import org.jspecify.annotations.NullMarked;
