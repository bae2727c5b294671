package dev.hellostream.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;

/**
 * One message on its way to the broker.
 *
 * @param exchange the exchange, empty for the default one
 * @param routingKey the routing key: with the default exchange, the name of the queue
 * @param properties what describes the message; a header
 * {@link ConfirmingPublisher#PUBLISH_HEADER} is added
 * @param body the message itself, which must not be changed until the result is known
 */
@SuppressWarnings("ArrayRecordComponent") // what the client sends; compared by nobody
public record Publication(String exchange, String routingKey, BasicProperties properties, byte[] body) {

}
