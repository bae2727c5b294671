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
 * {@code DeadLetters} publishes messages that are too large, cannot be decoded, came back
 * too often or cannot be stored. {@code DeliveryMemory} bounds what is under way.
 * {@code QueueConsumer} opens the connection, and opens another when it was lost.
 * {@code Prefetch} lowers the number of deliveries until a message that ends every
 * connection is alone, and {@code QueueConsumer} skips it.
 */
@NullMarked
package dev.hellostream.consume;

import org.jspecify.annotations.NullMarked;
