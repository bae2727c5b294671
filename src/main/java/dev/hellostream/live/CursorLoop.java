package dev.hellostream.live;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The cursors of one event loop. New items in the tail wake the loop once, and the loop
 * serves all of its cursors; likewise, one timer serves heartbeats and stall timeouts.
 * Confined to the loop, except for {@link #wake()}, {@link #execute} and {@link #finish}.
 */
final class CursorLoop {

	/** Time in which a slow subscriber has to read the final bytes. */
	static final Duration LAST_WORDS_LIMIT = Duration.ofSeconds(2);

	/** Longest stall timeout while the memory of chunks is short. */
	private static final long SHORT_STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** A shorter rest is not worth a timer. */
	private static final long SHORTEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** How long cursors that are behind may write before other tasks of the loop run. */
	private static final long BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final ScheduledExecutorService executor;

	private final LogSource source;

	private final Map<LiveFormat, ChunkCache> chunks = new EnumMap<>(LiveFormat.class);

	private final List<Cursor> cursors = new ArrayList<>();

	/** Cursors that are behind, in the order of their next turns. */
	private final Queue<Cursor> behind = new ArrayDeque<>();

	private final AtomicBoolean woken = new AtomicBoolean();

	private final long heartbeatNanos;

	private final long stallNanos;

	private final Runnable stalled;

	private final DeliveryCounts delivered = new DeliveryCounts();

	private long lastRound;

	private long restNanos;

	private ScheduledFuture<?> timer;

	private @Nullable Function<LiveFormat, byte[]> lastWords;

	/**
	 * Create a loop.
	 * @param executor the single-threaded executor of the loop
	 * @param source the source of the entries
	 * @param settings heartbeat and stall timeout
	 * @param stalled called for every subscriber that is closed because it reads nothing
	 */
	CursorLoop(ScheduledExecutorService executor, LogSource source, LiveSettings settings, Runnable stalled) {
		this.executor = executor;
		this.source = source;
		for (LiveFormat format : LiveFormat.values()) {
			this.chunks.put(format, new ChunkCache(source.tail(), format, source.memory()));
		}
		this.heartbeatNanos = settings.heartbeat().toNanos();
		this.stallNanos = settings.stallTimeout().toNanos();
		this.stalled = stalled;
		long period = Math.min(TimeUnit.SECONDS.toNanos(1), Math.min(this.heartbeatNanos, this.stallNanos) / 4);
		this.timer = executor.scheduleAtFixedRate(this::tick, period, period, TimeUnit.NANOSECONDS);
	}

	LogSource source() {
		return this.source;
	}

	/** Return the counts of the data that its cursors have written. */
	DeliveryCounts delivered() {
		return this.delivered;
	}

	/** Return the next chunk in the tail; see {@link ChunkCache#get}. */
	@Nullable Chunk chunk(long from, LiveFormat format) {
		return Objects.requireNonNull(this.chunks.get(format)).get(from);
	}

	/** Serve all cursors after a change of the tail. Safe for use by any thread. */
	void wake() {
		if (!this.woken.get() && this.woken.compareAndSet(false, true)) {
			execute(this::serve);
		}
	}

	private void serve() {
		long rest = (this.restNanos > 0) ? this.restNanos - (System.nanoTime() - this.lastRound) : 0;
		if (rest > 0) {
			serveAfter(rest);
		}
		else {
			serveAll();
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void serveAfter(long nanos) {
		this.executor.schedule(this::serveAll, nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Serve all cursors, and then rest for as long as that took, at most 50 ms, while
	 * entries accumulate. In a burst, a round writes many entries at once, and half of
	 * the time remains for other tasks of the loop; at a low rate, the rest is over
	 * before the next entry arrives.
	 */
	private void serveAll() {
		long start = System.nanoTime();
		this.woken.set(false);
		forEach(Cursor::pump);
		this.lastRound = System.nanoTime();
		long took = this.lastRound - start;
		this.restNanos = (took < SHORTEST_REST_NANOS) ? 0 : Math.min(took, LONGEST_REST_NANOS);
	}

	/** Give a cursor that is behind another turn, after the others. */
	void resumeLater(Cursor cursor) {
		if (this.behind.isEmpty()) {
			execute(this::serveBehind);
		}
		this.behind.add(cursor);
	}

	/**
	 * Serve cursors that are behind for a moment, and then the other tasks of the loop: a
	 * thousand subscribers that reconnect at once should hardly delay the others.
	 */
	private void serveBehind() {
		long start = System.nanoTime();
		int turns = this.behind.size();
		do {
			run(this.behind.element(), Cursor::resume);
			this.behind.remove();
		}
		while (--turns > 0 && System.nanoTime() - start < BEHIND_NANOS);
		if (!this.behind.isEmpty()) {
			execute(this::serveBehind);
		}
	}

	private void forEach(Consumer<Cursor> action) {
		this.cursors.forEach((cursor) -> run(cursor, action));
	}

	/** Run an action for a cursor; a failure affects no other cursor. */
	static void run(Cursor cursor, Consumer<Cursor> action) {
		try {
			action.accept(cursor);
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			cursor.fail(ex);
		}
	}

	private void tick() {
		clearChunks();
		long now = System.nanoTime();
		long stallNanos = this.source.memory().isShort() ? Math.min(SHORT_STALL_NANOS, this.stallNanos)
				: this.stallNanos;
		forEach((cursor) -> {
			if (cursor.tick(now, this.heartbeatNanos, stallNanos)) {
				this.stalled.run();
			}
		});
	}

	private void clearChunks() {
		this.chunks.values().forEach(ChunkCache::clear);
	}

	/**
	 * Run an action for a cursor on the loop; a failure aborts its live stream. Safe for
	 * use by any thread.
	 */
	void execute(Cursor cursor, Consumer<Cursor> action) {
		execute(() -> run(cursor, action));
	}

	private void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The executor has been shut down and serves no connection: stop waking it.
			this.woken.set(true);
		}
	}

	/** Add a cursor; if the loop is finishing, complete its live stream at once. */
	void add(Cursor cursor) {
		cursor.index(this.cursors.size());
		this.cursors.add(cursor);
		if (this.lastWords != null) {
			cursor.finish(this.lastWords.apply(cursor.format()));
		}
	}

	void remove(Cursor cursor) {
		int index = cursor.index();
		if (index >= 0) {
			Cursor last = this.cursors.remove(this.cursors.size() - 1);
			if (last != cursor) {
				this.cursors.set(index, last);
				last.index(index);
			}
			cursor.index(-1);
		}
	}

	/**
	 * Complete all live streams, and later ones as they open. Safe for use by any thread.
	 * @param lastWords returns the final bytes of a live stream
	 */
	void finish(Function<LiveFormat, byte[]> lastWords) {
		execute(() -> {
			this.lastWords = lastWords;
			this.timer.cancel(false);
			forEach((cursor) -> cursor.finish(lastWords.apply(cursor.format())));
			clearChunks();
			this.timer = this.executor.schedule(() -> forEach(Cursor::cutIfUnfinished), LAST_WORDS_LIMIT.toMillis(),
					TimeUnit.MILLISECONDS);
		});
	}

}
