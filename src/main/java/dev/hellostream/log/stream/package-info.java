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
 *   │ stream of RabbitMQ  ├────────────► StreamTailReader   │      │
 *   │ (StreamDeclaration) │                     └──► StreamTail    │
 *   │                     ├─────────────────────────────► HistoryConsumer
 *   └─────────────────────┘   StreamSubscription           at most 32
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
