/**
 * From the queue to the log. A message is acknowledged when the log has it.
 *
 * <pre>
 *   broker ─► Consumption ─► QueueListener ─► MessageLog.append ─► Acknowledgements ─► broker
 *             (DeliveryMemory           │
 *              bounds what is           └─► DeadLetters: messages that no log can store
 *              under way)
 * </pre>
 *
 * {@code QueueConsumer} owns the connection and opens it again. {@code Prefetch} finds
 * the message that ends the connection each time it is delivered.
 */
@NullMarked
package dev.hellostream.consume;

import org.jspecify.annotations.NullMarked;
