package dev.hellostream.amqp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code publish-signals}, which completes publications.
 */
final class PublicationSignals implements Executor {

	private static final Logger logger = LoggerFactory.getLogger(PublicationSignals.class);

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "publish-signals");
		thread.setDaemon(true);
		return thread;
	});

	@Override
	public void execute(Runnable completion) {
		try {
			this.executor.execute(completion);
		}
		catch (RejectedExecutionException ex) {
			// After the shutdown, the calling thread completes the last publications.
			completion.run();
		}
	}

	void refuse(List<PendingPublication> publications, String reason) {
		if (!publications.isEmpty()) {
			execute(() -> publications.forEach((publication) -> publication.refuse(reason)));
		}
	}

	void schedule(Runnable task, Duration delay) {
		try {
			Future<?> unused = this.executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Shut down: nothing is left to be done later", ex);
		}
	}

	void shutdown() {
		this.executor.shutdown();
	}

}
