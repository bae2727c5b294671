/**
 * The queue, as somebody else has declared it. It is looked at, declared only where it is
 * missing, and watched.
 *
 * <pre>
 *   QueueWatch ── every 5 s, and at each new connection ─► QueueDeclaration ─► broker
 *       │                                                        │
 *       ├─► QueueAvailable, an event: consume again              └─► QueueStatus
 *       └─► health and metrics
 * </pre>
 */
@NullMarked
package dev.hellostream.queue;

import org.jspecify.annotations.NullMarked;
