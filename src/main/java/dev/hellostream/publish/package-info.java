/**
 * {@code POST /messages}: a message, or one on each line, answered when the broker has
 * confirmed it.
 *
 * <pre>
 *   PublishController ─┬─ MessageBody checks ───────────────────┬─► QueuePublisher ─► amqp
 *                      └─► LinePublisher                        │
 *                          (LineSplitter, LineWindow) ──────────┘
 * </pre>
 */
@NullMarked
package dev.hellostream.publish;

import org.jspecify.annotations.NullMarked;
