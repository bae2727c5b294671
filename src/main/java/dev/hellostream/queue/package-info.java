/**
 * The queue: inspected, declared only if it is missing, and watched.
 *
 * <pre>
 *   QueueWatch ── at intervals, and when a connection opens or is lost ─► QueueDeclaration ─► broker
 *       │                                                                       │
 *       ├─► QueueAvailable, an event: consume (again)                           └─► QueueStatus
 *       └─► health and metrics
 * </pre>
 *
 * The interval is five seconds, and up to a minute where the broker refuses the queue.
 */
@NullMarked
package dev.hellostream.queue;

import org.jspecify.annotations.NullMarked;
