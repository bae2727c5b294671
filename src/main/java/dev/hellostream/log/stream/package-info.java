/**
 * The log in a RabbitMQ stream, which any number of instances share.
 *
 * <pre>
 *  RabbitStreamMessageLog.append                   RabbitStreamMessageLog.read
 *            │ RedeliveryGate                                  ▲
 *            ▼                                                 │
 *     StreamAppender ◄── read back: complete ───┐          LogReading
 *      (PendingAppends)                         │     newer ▲      ▲ older
 *            │ ConfirmingPublisher              │           │      │
 *            ▼                                  │         Tail  StreamHistory
 *   ┌─────────────────────┐   follows the end   │           ▲      ▲ HistoryReading, one for each read
 *   │   RabbitMQ stream   ├────────────► StreamTailReader   │      │
 *   │ (StreamDeclaration) │                     └──► StreamTail    │
 *   │                     ├─────────────────────────────► HistoryConsumer
 *   └─────────────────────┘   StreamSubscription           at most 32
 * </pre>
 *
 * {@code StreamEntry} defines how a message is stored there. {@code StreamEnd} finds the
 * end of the RabbitMQ stream, and {@code StreamSynchronization} determines when all
 * entries so far have been read; the broker reports neither. {@code RedeliveryGate} does
 * not append a redelivered message that the log already has, and {@code SkipDetector}
 * detects steps between offsets where entries may have expired.
 */
@NullMarked
package dev.hellostream.log.stream;

import org.jspecify.annotations.NullMarked;
