package dev.hellostream.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;

/**
 * One message on its way to the broker.
 *
 * @param exchange the exchange, empty for the default one
 * @param routingKey the routing key: with the default exchange, the name of the queue
 * @param properties the properties of the message; the header
 * {@link ConfirmingPublisher#PUBLISH_HEADER} is added
 * @param body the body, which must not be changed until the result is known
 */
@SuppressWarnings("ArrayRecordComponent") // passed to the client, never compared
public record Publication(String exchange, String routingKey, BasicProperties properties, byte[] body) {

}
