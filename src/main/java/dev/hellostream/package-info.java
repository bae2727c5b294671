/**
 * The application. One package is one step of a message on its way from a producer to a
 * browser:
 *
 * <pre>
 *  POST /messages ─► publish ─► amqp ─► broker ◄─ queue     who declared it, whether it is there
 *                                         │
 *                                      consume     one consumer for each instance
 *                                         ▼
 *                                        log       in memory, or in a RabbitMQ stream: log.stream
 *                                         ▼
 *  GET /messages ◄── messages ◄───────── live      a place in the log for each subscriber
 * </pre>
 *
 * {@code web} is what every request and answer has in common, {@code web.guard} decides
 * which requests are served, and {@code web.connection} limits a connection before there
 * is a request. {@code embedded} is a broker inside the process, {@code start} ends a
 * start that cannot be what was meant, and {@code hello} is {@code GET /hello}, which
 * nothing else uses. {@code ArchitectureTests} holds the arrows between them.
 */
@NullMarked
package dev.hellostream;

import org.jspecify.annotations.NullMarked;
