/**
 * The application. One package is one step of a message on its way from a producer to a
 * browser:
 *
 * <pre>
 *  POST /messages ─► publish ─► amqp ─► broker ◄─ queue     declares the queue if it is
 *                                         │                 missing, and watches it
 *                                      consume     one consumer for each instance
 *                                         ▼
 *                                        log       in memory, or in a RabbitMQ stream: log.stream
 *                                         │ └───────────┐ pages, single messages
 *                                         ▼             ▼
 *                                       live ─────► messages ─► GET /messages
 *                           a place in the log for
 *                           each subscriber
 * </pre>
 *
 * {@code amqp} is also how {@code queue}, {@code consume} and {@code log.stream} connect.
 * {@code web} is what all requests and answers share, {@code web.guard} decides which
 * requests are served, and {@code web.connection} limits connections, and the time that
 * requests and answers take. {@code embedded} is a broker inside the process,
 * {@code start} ends a start that cannot be what was meant, and {@code hello} is
 * {@code GET /hello}, which nothing else uses. {@code ArchitectureTests} checks these
 * dependencies.
 */
@NullMarked
package dev.hellostream;

import org.jspecify.annotations.NullMarked;
