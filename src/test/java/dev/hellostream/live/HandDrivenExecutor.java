package dev.hellostream.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An event loop that runs its tasks only when the test says so, one by one, on the
 * calling thread. Any thread may submit tasks; timers wait until the test fires them.
 */
final class HandDrivenExecutor extends AbstractExecutorService implements ScheduledExecutorService {

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final List<Timer> timers = new ArrayList<>();

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
	}

	boolean isIdle() {
		return this.tasks.isEmpty();
	}

	/**
	 * Run the next task.
	 * @return false if there is none
	 */
	boolean runNext() {
		Runnable task = this.tasks.poll();
		if (task == null) {
			return false;
		}
		task.run();
		return true;
	}

	/** Run tasks until there are none. More than 100,000 count as an endless loop. */
	void runAll() {
		for (int i = 0; runNext(); i++) {
			if (i == 100_000) {
				throw new AssertionError("The loop does not come to rest");
			}
		}
	}

	/** Run all scheduled tasks, as if they were due. */
	void fireTimers() {
		this.timers.removeIf(CompletableFuture::isDone);
		for (Timer timer : List.copyOf(this.timers)) {
			if (!timer.periodic) {
				this.timers.remove(timer);
			}
			timer.task.run();
		}
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
		Timer timer = timer(task, false);
		if (unit.toMillis(delay) < 100) {
			// A loop's pauses depend on the clock, so they end at once in a test.
			this.timers.remove(timer);
			execute(task);
		}
		return timer;
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long delay, long period, TimeUnit unit) {
		return timer(task, true);
	}

	private Timer timer(Runnable task, boolean periodic) {
		Timer timer = new Timer(task, periodic);
		this.timers.add(timer);
		return timer;
	}

	@Override
	public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long delay, long period, TimeUnit unit) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void shutdown() {
		this.tasks.clear();
	}

	@Override
	public List<Runnable> shutdownNow() {
		return List.of();
	}

	@Override
	public boolean isShutdown() {
		return false;
	}

	@Override
	public boolean isTerminated() {
		return false;
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) {
		return false;
	}

	private static final class Timer extends CompletableFuture<Object> implements ScheduledFuture<Object> {

		private final Runnable task;

		private final boolean periodic;

		Timer(Runnable task, boolean periodic) {
			this.task = task;
			this.periodic = periodic;
		}

		@Override
		public long getDelay(TimeUnit unit) {
			return 0;
		}

		@Override
		public int compareTo(Delayed other) {
			return 0;
		}

	}

}
