package dev.hellostream.amqp;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel in confirm mode, from its opening to its loss. The AMQP client reports on
 * its I/O thread, and results are passed to the executor so that no subscriber runs on
 * that thread.
 */
final class PublisherLink {

	private static final Logger logger = LoggerFactory.getLogger(PublisherLink.class);

	/** The words in which RabbitMQ 3.10 to 4 names {@code max_message_size}. */
	private static final Pattern TOO_LARGE = Pattern.compile("message size \\d+ is larger than .*max size (\\d+)");

	private final UnconfirmedWindow window = new UnconfirmedWindow();

	private final Channel channel;

	private final Executor signals;

	private final BlockedListener blockedListener;

	/**
	 * Delivery tag of the last message sent, as the broker counts. The client's own
	 * counter includes messages that could not be encoded and were never sent.
	 */
	private long lastTag;

	/**
	 * Open a channel.
	 * @param connection the connection, which no consumer uses
	 * @param signals completes publications
	 * @param blocked receives the reason when the broker stops reading
	 * @param refused receives the broker's words when a message makes it close the
	 * channel
	 * @param usable called when the broker reads again, or when this link is lost and
	 * another one can be opened
	 * @throws IOException if the channel cannot be opened
	 */
	PublisherLink(Connection connection, Executor signals, Consumer<String> blocked, Consumer<String> refused,
			Runnable usable) throws IOException {
		this.signals = signals;
		this.channel = BrokerConnections.channel(connection);
		this.blockedListener = connection.addBlockedListener(blocked::accept, () -> {
			logger.info("The broker accepts messages again");
			usable.run();
		});
		this.channel.addReturnListener(this::returned);
		this.channel.addConfirmListener((tag, multiple) -> settle(tag, multiple, PendingPublication::confirm),
				(tag, multiple) -> settle(tag, multiple, nacked(connection)));
		this.channel.addShutdownListener((cause) -> {
			connection.removeBlockedListener(this.blockedListener);
			if (!cause.isInitiatedByApplication() && cause.getReason() instanceof AMQP.Channel.Close) {
				String words = BrokerConnections.describe(cause);
				refused.accept(words);
				refuse(BrokerConnections.forAnybody(words));
			}
			else {
				abandon("The connection to the broker was lost before it confirmed the message.");
			}
			usable.run();
		});
		this.channel.confirmSelect();
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	int unconfirmed() {
		return this.window.size();
	}

	/**
	 * Write one message. May block for as long as the broker reads nothing.
	 * @param publication the publication, completed now or later
	 */
	void write(PendingPublication publication) {
		Publication message = publication.take();
		long tag = this.lastTag + 1;
		if (!this.window.add(tag, publication)) {
			this.signals.execute(() -> publication.refuse(ConfirmingPublisher.NO_CONNECTION));
			return;
		}
		try {
			this.channel.basicPublish(message.exchange(), message.routingKey(), true, numbered(message, tag),
					message.body());
			this.lastTag = tag;
		}
		catch (AlreadyClosedException ex) {
			settle(tag, false, (unsent) -> unsent.refuse(ConfirmingPublisher.NO_CONNECTION));
		}
		catch (IOException ex) {
			abort();
		}
		catch (RuntimeException ex) {
			// Raised by the encoding, which precedes the first byte on the wire.
			settle(tag, false, (unsent) -> unsent.reject("AMQP cannot carry the message: " + ex.getMessage()));
		}
	}

	void postpone(long deadline) {
		this.window.postpone(deadline);
	}

	void abandonOverdue(long nanoTime) {
		complete(this.window.takeOverdue(nanoTime),
				(publication) -> publication.abandon("The broker did not confirm the message in time."));
	}

	/**
	 * Abandon all unconfirmed publications, and accept no more.
	 * @param reason the reason, for the caller of an API
	 */
	void abandon(String reason) {
		complete(this.window.close(), (publication) -> publication.abandon(reason));
	}

	/**
	 * The broker has closed the channel because of a message that it does not name. It
	 * has processed none after it, so the last one was certainly not accepted, and
	 * neither was any that is larger than the limit, if the broker names one.
	 */
	private void refuse(String reason) {
		Matcher tooLarge = TOO_LARGE.matcher(reason);
		long limit = tooLarge.find() ? Long.parseLong(tooLarge.group(1)) : Long.MAX_VALUE;
		String refused = "The broker refused the message (%s).".formatted(reason);
		PendingPublication last = this.window.takeLast();
		complete(this.window.close(), unlessLarger(limit, refused,
				(other) -> other.abandon("The broker refused the message or a later one (%s).".formatted(reason))));
		if (last != null) {
			complete(List.of(last), unlessLarger(limit, refused, (publication) -> publication.refuse(refused)));
		}
	}

	private static Consumer<PendingPublication> unlessLarger(long limit, String refused,
			Consumer<PendingPublication> completion) {
		return (publication) -> {
			if (publication.size() > limit) {
				publication.tooLarge(refused);
			}
			else {
				completion.accept(publication);
			}
		};
	}

	/**
	 * Abandon all unconfirmed publications and abort the channel. May block while another
	 * thread is blocked in a write.
	 */
	void abort() {
		abandon("The channel was closed before the broker confirmed the message.");
		try {
			this.channel.abort();
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Aborting the publishing channel", ex);
		}
	}

	/**
	 * The meaning of a nack. Qpid sends it for a message without a queue, before the
	 * return. With RabbitMQ, a queue that has failed may have stored the message.
	 * @see <a href="https://www.rabbitmq.com/docs/confirms#server-sent-nacks">Negative
	 * acknowledgements of publishes</a>
	 */
	private static Consumer<PendingPublication> nacked(Connection connection) {
		boolean qpid = String.valueOf(connection.getServerProperties().get("product")).startsWith("Qpid");
		return qpid ? (publication) -> publication.refuse("The broker refused the message: no queue accepts it.")
				: (publication) -> publication.abandon("The broker could not confirm the message.");
	}

	private BasicProperties numbered(Publication message, long tag) {
		Map<String, Object> headers = new HashMap<>();
		if (message.properties().getHeaders() != null) {
			headers.putAll(message.properties().getHeaders());
		}
		headers.put(ConfirmingPublisher.PUBLISH_HEADER, tag);
		return message.properties().builder().headers(headers).build();
	}

	private void returned(Return returned) {
		Map<String, Object> headers = returned.getProperties().getHeaders();
		if (headers != null && headers.get(ConfirmingPublisher.PUBLISH_HEADER) instanceof Number tag) {
			this.window.markReturned(tag.longValue(),
					"The broker has no queue for exchange '%s' and routing key '%s': %s."
						.formatted(returned.getExchange(), returned.getRoutingKey(), returned.getReplyText()));
		}
	}

	private void settle(long tag, boolean multiple, Consumer<PendingPublication> completion) {
		complete(this.window.settle(tag, multiple), completion);
	}

	private void complete(List<PendingPublication> publications, Consumer<PendingPublication> completion) {
		if (!publications.isEmpty()) {
			this.signals.execute(() -> publications.forEach(completion));
		}
	}

}
