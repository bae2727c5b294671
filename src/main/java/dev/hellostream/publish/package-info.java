/**
 * {@code POST /messages}: a message, or one on each line, answered when the broker has
 * confirmed it.
 *
 * <pre>
 *                    ┌─► MessageBody ──────────────────────────┐
 *   PublishHandler ──┤                                         ├─► QueuePublisher ─► amqp
 *                    └─► LinePublisher ─ LineSplitter, Window ─┘
 * </pre>
 */
@NullMarked
package dev.hellostream.publish;

import org.jspecify.annotations.NullMarked;
