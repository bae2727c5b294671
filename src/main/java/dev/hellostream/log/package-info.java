/**
 * The log: what was received, in one order, numbered, bounded, and readable from any
 * position. {@link dev.hellostream.log.MessageLog} is what others see of it; there are
 * two.
 *
 * <p>
 * In memory: {@code InMemoryMessageLog} holds {@code RetainedEntries}, and an
 * {@code InMemoryLogReader} for each that reads.
 *
 * <p>
 * In a stream of RabbitMQ, which all instances share:
 *
 * <pre>
 *  RabbitStreamMessageLog.append                        RabbitStreamMessageLog.read
 *            │                                                      ▲
 *            ▼                                                      │ one each
 *     StreamAppender ◄── read back: complete ───┐            StreamLogReader
 *      (PendingAppends)                         │         newer ▲       ▲ older
 *            │ ConfirmingChannel                │               │       │
 *            ▼                                  │          StreamTail  StreamHistory
 *   ┌─────────────────────┐   follows the end   │               ▲       ▲
 *   │ stream of RabbitMQ  ├────────────────► StreamTailReader ──┘       │
 *   │ (StreamDeclaration) ├────────────────────────────────────────► StreamCatchUp
 *   └─────────────────────┘   StreamSubscription             at most 32, StreamCatchUps
 * </pre>
 *
 * {@code StreamEntry} says how a message is written there. {@code StreamEnd} and
 * {@code StreamSynchronization} find out what the broker does not tell: where the stream
 * ends, and whether everything that is in it has been read. {@code RedeliveryGate} keeps
 * out what another instance has appended before it died.
 *
 * <p>
 * Both have in common the {@code LogReader}, which hands items to a subscriber, and the
 * {@code DuplicateWindow}, which knows repetitions.
 */
@NullMarked
package dev.hellostream.log;

import org.jspecify.annotations.NullMarked;
