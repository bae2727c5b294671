package dev.hellostream.consume;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;

/**
 * Takes over what a delivery says of itself, as the AMQP client has decoded it. Called in
 * the container's thread before the listener: an exception here would cost every message
 * that is prefetched, so nothing is interpreted, and nothing of a producer is logged.
 */
final class DeliveryProperties implements MessagePropertiesConverter {

	@Override
	public MessageProperties toMessageProperties(BasicProperties source, @Nullable Envelope envelope, String charset) {
		MessageProperties properties = new MessageProperties();
		if (source.getHeaders() != null) {
			properties.getHeaders().putAll(source.getHeaders());
		}
		properties.setMessageId(source.getMessageId());
		properties.setTimestamp(source.getTimestamp());
		// Spring would say application/octet-stream where the producer says nothing.
		properties.setContentType(source.getContentType());
		properties.setContentEncoding(source.getContentEncoding());
		properties.setCorrelationId(source.getCorrelationId());
		properties.setReplyTo(source.getReplyTo());
		properties.setType(source.getType());
		properties.setAppId(source.getAppId());
		properties.setPriority(source.getPriority());
		if (envelope != null) {
			properties.setDeliveryTag(envelope.getDeliveryTag());
			properties.setRedelivered(envelope.isRedeliver());
			properties.setReceivedExchange(envelope.getExchange());
			properties.setReceivedRoutingKey(envelope.getRoutingKey());
		}
		return properties;
	}

	@Override
	public BasicProperties fromMessageProperties(MessageProperties source, String charset) {
		throw new UnsupportedOperationException("The listener only receives");
	}

}
