/**
 * The application. Each package is one step on the way of a message from a producer to a
 * browser:
 *
 * <pre>
 *  POST /messages ─► publish ─► amqp ─► broker ◄─ queue     declares the queue if it is
 *                                         │                 missing, and watches it
 *                                      consume     one consumer for each instance
 *                                         ▼
 *                                        log       in memory, or in a RabbitMQ stream: log.stream
 *                                         │ └───────────┐ pages, single entries
 *                                         ▼             ▼
 *                                       live ─────► messages ─► GET /messages
 *                           a place in the log for
 *                           each subscriber
 * </pre>
 *
 * {@code queue}, {@code consume} and {@code log.stream} also connect through
 * {@code amqp}. {@code web} contains the parts that all requests and responses share,
 * {@code web.guard} decides which requests are served, and {@code web.connection} limits
 * the number of connections and the time that requests and responses take.
 * {@code embedded} is a broker inside the process, {@code start} defines the order of
 * start and stop and rejects wrong settings, and {@code hello} is {@code GET /hello},
 * which no other package uses. {@code ArchitectureTests} checks these dependencies.
 */
@NullMarked
package dev.hellostream;

import org.jspecify.annotations.NullMarked;
