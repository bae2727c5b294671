package dev.hellostream.queue;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.hellostream.amqp.BrokerConnections;
import dev.hellostream.queue.QueueDeclaration.Inspection;
import dev.hellostream.queue.QueueStatus.State;
import dev.hellostream.start.Phases;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Watches the queue. An existing queue is used as it is, a missing one is declared. It is
 * inspected at each new or lost connection and every five seconds, less often while the
 * broker refuses it. When an adopted queue is deleted, the watch waits for it; a queue
 * that was declared here is declared again. {@link QueueAvailable} reports when it can be
 * consumed (again).
 */
public final class QueueWatch implements SmartLifecycle, ConnectionListener {

	private static final Logger logger = LoggerFactory.getLogger(QueueWatch.class);

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final String UNREACHABLE = "%s cannot be reached (%s): start it, or check "
			+ "spring.rabbitmq.host and port. Trying again.";

	private static final String NOT_ALLOWED = "%s refuses the connection (%s): correct "
			+ "spring.rabbitmq.virtual-host, the user's rights there, or its limit of connections. Trying again.";

	private static final String REFUSED = "%s refuses %s (ACCESS_REFUSED): correct spring.rabbitmq.username and "
			+ "password. Trying again.";

	private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

	private final ConnectionFactory connections;

	private final QueueDeclaration declaration;

	private final boolean embedded;

	private final String addresses;

	private final ApplicationEventPublisher events;

	private volatile QueueStatus status;

	private volatile @Nullable ScheduledExecutorService thread;

	private volatile @Nullable Thread inspecting;

	private volatile @Nullable String deadLetterProblem;

	private boolean announced;

	private long consumedAt;

	QueueWatch(ConnectionFactory connections, String addresses, QueueSettings settings, boolean embedded,
			boolean sharedLog, ApplicationEventPublisher events) {
		this.connections = connections;
		this.declaration = new QueueDeclaration(settings, embedded, sharedLog);
		this.embedded = embedded;
		this.addresses = addresses;
		this.events = events;
		this.status = new QueueStatus(this.declaration.queue(), State.UNKNOWN, "The queue has not been inspected yet.");
		connections.addConnectionListener(this);
	}

	/**
	 * Return the name of the queue to consume.
	 * @return its name, which never changes
	 */
	public String name() {
		return this.declaration.queue();
	}

	/**
	 * Return the status of the queue at the last inspection. Never blocks.
	 * @return its status
	 */
	public QueueStatus status() {
		return this.status;
	}

	/**
	 * Return why there is no dead-letter queue, without details of the installation.
	 * @return one sentence, or {@code null} if no problem is known
	 */
	@Nullable String deadLetterProblem() {
		String problem = this.deadLetterProblem;
		return (problem != null) ? BrokerConnections.forAnybody(problem) : null;
	}

	/**
	 * Inspect for the first time. The embedded broker answers at once, so the queue
	 * exists before the first request. Any other broker must not delay the start.
	 */
	@Override
	public void start() {
		if (this.embedded) {
			inspect();
		}
		ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(QueueWatch::daemon);
		this.thread = thread;
		inspectAgainAfter(this.embedded ? INTERVAL : Duration.ZERO);
	}

	@Override
	public void stop() {
		ScheduledExecutorService thread = this.thread;
		this.thread = null;
		if (thread != null) {
			thread.shutdownNow();
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	@Override
	public int getPhase() {
		return Phases.QUEUE;
	}

	@Override
	public void onCreate(@Nullable Connection connection) {
		// A connection that an inspection opened must not cause another inspection: if a
		// refusal closes the connection, that would never end.
		if (Thread.currentThread() != this.inspecting) {
			schedule(this::inspect, Duration.ZERO);
		}
	}

	@Override
	public void onShutDown(ShutdownSignalException cause) {
		// Not after a refusal: if an inspection caused it, that would never end either.
		boolean refused = cause.getReason() instanceof AMQP.Connection.Close close
				&& close.getReplyCode() != AMQP.CONNECTION_FORCED;
		if (!refused) {
			schedule(this::inspect, Duration.ZERO);
		}
	}

	private void inspectAgainAfter(Duration interval) {
		schedule(() -> {
			inspect();
			boolean again = this.status.state() == State.REFUSED && !interval.isZero();
			Duration next = again ? interval.multipliedBy(2) : INTERVAL;
			inspectAgainAfter((next.compareTo(LONGEST_INTERVAL) < 0) ? next : LONGEST_INTERVAL);
		}, interval);
	}

	private void schedule(Runnable task, Duration delay) {
		ScheduledExecutorService thread = this.thread;
		if (thread != null) {
			try {
				Future<?> unused = thread.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("Stopped meanwhile", ex);
			}
		}
	}

	private void inspect() {
		QueueStatus before = this.status;
		this.inspecting = Thread.currentThread();
		Inspection inspection = tryToInspect();
		this.inspecting = null;
		if (inspection.status().state() == State.UNREACHABLE && this.thread == null
				&& before.state() != State.UNKNOWN) {
			return;
		}
		this.status = inspection.status();
		report(before, inspection);
		if (shouldAnnounce(before, inspection)) {
			announce();
		}
	}

	private void announce() {
		try {
			this.events.publishEvent(new QueueAvailable(name()));
		}
		catch (RuntimeException ex) {
			logger.warn("A listener failed when queue '{}' became available", name(), ex);
		}
	}

	private Inspection tryToInspect() {
		try {
			com.rabbitmq.client.Connection connection = BrokerConnections.connection(this.connections);
			Inspection inspection = this.declaration.inspect(connection);
			if (connection.isOpen()) {
				reportDeadLetters(this.declaration.inspectDeadLetters(connection));
			}
			return inspection;
		}
		catch (Exception ex) {
			logger.debug("The queue was not inspected", ex);
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
			QueueStatus status = new QueueStatus(name(), State.UNREACHABLE,
					sentence("The broker", "the user", false, cause));
			return new Inspection(status, false,
					sentence("RabbitMQ at " + this.addresses, "user " + this.connections.getUsername(), true, cause));
		}
	}

	/** Health is public and names neither hosts nor users; the log names both. */
	private static String sentence(String broker, String user, boolean named, Throwable cause) {
		if (cause instanceof AuthenticationFailureException) {
			return REFUSED.formatted(broker, user);
		}
		String words = (cause instanceof UnknownHostException) ? "unknown host" : BrokerConnections.describe(cause);
		return (words.startsWith(AMQP.NOT_ALLOWED + " ") ? NOT_ALLOWED : UNREACHABLE).formatted(broker,
				named ? words : BrokerConnections.forAnybody(words));
	}

	private boolean shouldAnnounce(QueueStatus before, Inspection inspection) {
		QueueStatus now = inspection.status();
		if (!now.isAvailable()) {
			this.announced &= now.state() == State.UNREACHABLE;
			return false;
		}
		long time = System.nanoTime();
		if (now.consumers() > 0 || !before.isAvailable()) {
			this.consumedAt = time;
		}
		boolean announce = inspection.declared() || !this.announced || time - this.consumedAt >= INTERVAL.toNanos();
		if (announce) {
			this.announced = true;
			this.consumedAt = time;
		}
		return announce;
	}

	private void report(QueueStatus before, Inspection inspection) {
		QueueStatus now = inspection.status();
		if (!now.isAvailable()) {
			if (!now.detail().equals(before.detail())) {
				logger.warn("{}", inspection.introduction());
			}
		}
		else if (inspection.declared() || before.state() == State.UNKNOWN) {
			logger.info("{}", inspection.introduction());
		}
		else if (!before.isAvailable()) {
			logger.info("The queue is available again. {}", now.detail());
		}
		else if (now.consumers() > 1 && now.consumers() != before.consumers()) {
			logger.info("{}", now.detail());
		}
	}

	private void reportDeadLetters(@Nullable String problem) {
		if (problem != null && !problem.equals(this.deadLetterProblem)) {
			logger.warn("{}", problem);
		}
		this.deadLetterProblem = problem;
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "queue-watch");
		thread.setDaemon(true);
		return thread;
	}

}
