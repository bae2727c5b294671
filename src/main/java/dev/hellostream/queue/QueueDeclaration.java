package dev.hellostream.queue;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.Connection;
import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.amqp.BrokerRefusal;
import dev.hellostream.queue.QueueStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * Uses the queue as it is, and declares only what is missing. Called repeatedly, by one
 * thread at a time.
 */
final class QueueDeclaration {

	private static final Duration WATCH_EXPIRY = Duration.ofMinutes(5);

	private static final String SHARE = " It gives each message to one consumer, so the browsers see this "
			+ "application's share only.";

	// AMQP reports how many consumers there are, but not which.
	private static final String SHARED_LOG = " Messages of instances of Hello Stream with the same log are shown here "
			+ "too, those of other programs are not.";

	private final String queue;

	private final String deadLetterQueue;

	private final boolean embedded;

	/** Sentence that explains the effect of other consumers. */
	private final String others;

	private final @Nullable String exchange;

	private final String routingKey;

	/**
	 * {@code null} until the queue was found or declared.
	 */
	private @Nullable State owner;

	QueueDeclaration(QueueSettings settings, boolean embedded, boolean sharedLog) {
		this.deadLetterQueue = settings.deadLetterQueue();
		this.embedded = embedded;
		this.others = sharedLog ? SHARED_LOG : SHARE;
		boolean bound = settings.bind() != null;
		this.queue = settings.name() + (bound ? ".watch." + UUID.randomUUID().toString().substring(0, 8) : "");
		this.exchange = bound ? settings.exchange() : null;
		this.routingKey = settings.routingKey();
	}

	String queue() {
		return this.queue;
	}

	/**
	 * Inspect the queue. Declare it if it is missing and was not adopted, and bind it to
	 * the exchange if one is set.
	 * @param connection an open connection. A refusal closes a channel; where the queue
	 * is exclusive to another connection, the embedded broker closes this one.
	 * @return the status of the queue, and a description for the log
	 * @throws IOException if the connection does not work
	 */
	Inspection inspect(Connection connection) throws IOException {
		try {
			if (this.exchange != null && !exists(connection, this.exchange)) {
				return found(State.MISSING,
						"Exchange '%s' does not exist. Declare it, or set hello-stream.queue.bind to another."
							.formatted(this.exchange));
			}
			DeclareOk found = find(connection, this.queue);
			boolean declared = false;
			if (found == null) {
				if (this.owner == State.ADOPTED) {
					return found(State.MISSING,
							"Queue '%s' no longer exists. The application waits for the program that declared it; "
								.formatted(this.queue) + "restart the application to declare it here.");
				}
				found = declare(connection, this.queue, arguments());
				this.owner = State.DECLARED;
				declared = true;
			}
			else if (this.owner == null) {
				this.owner = State.ADOPTED;
			}
			if (this.exchange != null) {
				bind(connection, this.exchange);
			}
			QueueStatus status = available(found, this.owner);
			return new Inspection(status, declared, introduction(status, declared));
		}
		catch (BrokerRefusal ex) {
			QueueStatus status = new QueueStatus(this.queue, State.REFUSED,
					advice(this.queue, ex, BrokerConnections.forAnybody(ex.getMessage())));
			return new Inspection(status, false, advice(this.queue, ex, ex.getMessage()));
		}
	}

	/**
	 * Declare the dead-letter queue if it is missing.
	 * @param connection an open connection
	 * @return {@code null}, or the reason for its absence, in one sentence for the log
	 * @throws IOException if the connection does not work
	 */
	@Nullable String inspectDeadLetters(Connection connection) throws IOException {
		try {
			if (find(connection, this.deadLetterQueue) == null) {
				declare(connection, this.deadLetterQueue, deadLetterArguments());
			}
			return null;
		}
		catch (BrokerRefusal ex) {
			return "Without a dead-letter queue, messages that cannot be stored stay in their queue. "
					+ advice(this.deadLetterQueue, ex, ex.getMessage());
		}
	}

	private QueueStatus available(DeclareOk found, @Nullable State owner) {
		int consumers = found.getConsumerCount();
		String detail = "Queue '%s' has %s.%s".formatted(this.queue, count(consumers, "consumer"),
				(consumers > 1) ? this.others : "");
		return new QueueStatus(this.queue, (owner != null) ? owner : State.ADOPTED, consumers, found.getMessageCount(),
				detail);
	}

	private String introduction(QueueStatus status, boolean declared) {
		if (this.exchange != null) {
			return "Queue '%s' gets copies from exchange '%s' with routing key '%s': no other consumer loses a message."
				.formatted(this.queue, this.exchange, this.routingKey);
		}
		String origin = "is used as it is";
		if (declared) {
			origin = this.embedded ? "was missing and is declared"
					: "was missing and is declared as RabbitMQ's tutorials do (a program that declares it otherwise "
							+ "is refused, unless it comes first or declares it passively)";
		}
		// This application does not consume yet: all consumers are others.
		return "Queue '%s' %s, with %s and %s.%s".formatted(this.queue, origin, count(status.messages(), "message"),
				count(status.consumers(), "consumer"), (status.consumers() > 0) ? this.others : "");
	}

	private static String count(long number, String what) {
		return number + " " + what + ((number == 1) ? "" : "s");
	}

	private Inspection found(State state, String detail) {
		return new Inspection(new QueueStatus(this.queue, state, detail), false, detail);
	}

	private boolean exists(Connection connection, String exchange) throws BrokerRefusal, IOException {
		return BrokerRefusal.orNull(connection, (channel) -> channel.exchangeDeclarePassive(exchange)) != null;
	}

	private @Nullable DeclareOk find(Connection connection, String name) throws BrokerRefusal, IOException {
		return BrokerRefusal.orNull(connection, (channel) -> channel.queueDeclarePassive(name));
	}

	private DeclareOk declare(Connection connection, String name, Map<String, Object> arguments)
			throws BrokerRefusal, IOException {
		// RabbitMQ 4.3 refuses queues that are neither durable nor exclusive.
		boolean durable = !this.embedded;
		return BrokerRefusal.orResult(connection,
				(channel) -> channel.queueDeclare(name, durable, false, false, arguments));
	}

	private void bind(Connection connection, String exchange) throws BrokerRefusal, IOException {
		BrokerRefusal.orResult(connection, (channel) -> channel.queueBind(this.queue, exchange, this.routingKey));
	}

	private Map<String, Object> arguments() {
		if (this.embedded) {
			return Map.of();
		}
		if (this.exchange != null) {
			// Not exclusive: it must outlive a lost connection, or messages are missed.
			// The type is explicit: a virtual host can have another default.
			return Map.of("x-queue-type", "classic", "x-expires", WATCH_EXPIRY.toMillis());
		}
		// Exactly the argument of RabbitMQ's tutorials: with one more, their declarations
		// would get a 406.
		return Map.of("x-queue-type", "quorum");
	}

	private Map<String, Object> deadLetterArguments() {
		if (this.embedded) {
			// A full ring drops its oldest message. Blocking would stop the consumer.
			return Map.of("qpid.policy_type", "ring", "qpid.max_count", 1000, "qpid.max_size", 8 << 20);
		}
		return Map.of("x-queue-type", "quorum");
	}

	private static String advice(String queue, BrokerRefusal refusal, String words) {
		String advice = switch (refusal.code()) {
			case AMQP.ACCESS_REFUSED -> "The user of this application may not use queue '%s': grant it the permission.";
			case AMQP.RESOURCE_LOCKED, AMQP.NOT_ALLOWED ->
				"Queue '%s' is exclusive to the connection that declared it: "
						+ "end that program, or set hello-stream.queue.name to another queue.";
			case AMQP.PRECONDITION_FAILED ->
				"Queue '%s' was declared with other arguments at the same moment: inspecting it again.";
			case AMQP.NOT_FOUND -> "Queue '%s' is not available yet, its node is down or recovering: waiting for it.";
			default -> "The broker refused queue '%s': declare it yourself, the application uses it as it is.";
		};
		return "%s (%s)".formatted(advice.formatted(queue), words);
	}

	/**
	 * Result of one inspection.
	 *
	 * @param status the status of the queue
	 * @param declared whether the queue was missing and has just been declared
	 * @param introduction a description of the queue for the log
	 */
	record Inspection(QueueStatus status, boolean declared, String introduction) {

	}

}
