/**
 * The log in a RabbitMQ stream, which any number of instances share.
 *
 * <pre>
 *  RabbitStreamMessageLog.append                        RabbitStreamMessageLog.read
 *            │                                                      ▲
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
 * {@code StreamEntry} says how a message is written there. {@code StreamEnd} and
 * {@code StreamSynchronization} find out what the broker does not tell: where the stream
 * ends, and whether everything that is in it has been read. {@code RedeliveryGate} keeps
 * out what another instance has appended before it died, and {@code SkipDetector} tells a
 * hole in the offsets from entries that are gone.
 */
@NullMarked
package dev.hellostream.log.stream;

import org.jspecify.annotations.NullMarked;
