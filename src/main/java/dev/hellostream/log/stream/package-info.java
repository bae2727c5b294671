/**
 * The log in a RabbitMQ stream, which any number of instances share.
 *
 * <pre>
 *  RabbitStreamMessageLog.append                        RabbitStreamMessageLog.read
 *            │ RedeliveryGate                                       ▲
 *            ▼                                                      │ one for each read
 *     StreamAppender ◄── read back: complete ───┐            StreamLogReader
 *      (PendingAppends)                         │         newer ▲       ▲ older
 *            │ ConfirmingPublisher              │               │       │
 *            ▼                                  │          StreamTail  StreamHistory
 *   ┌─────────────────────┐   follows the end   │               ▲       ▲
 *   │ stream of RabbitMQ  ├────────────────► StreamTailReader ──┘       │
 *   │ (StreamDeclaration) ├────────────────────────────────────────► StreamCatchUp
 *   └─────────────────────┘   StreamSubscription             at most 32, StreamCatchUps
 * </pre>
 *
 * {@code StreamEntry} says how a message is written there. {@code StreamEnd} finds the
 * end of the stream, and {@code StreamSynchronization} finds whether all of it has been
 * read; the broker tells neither. {@code RedeliveryGate} does not append a redelivered
 * message that is in the stream already, and {@code SkipDetector} tells a hole in the
 * offsets from entries that have expired.
 */
@NullMarked
package dev.hellostream.log.stream;

import org.jspecify.annotations.NullMarked;
