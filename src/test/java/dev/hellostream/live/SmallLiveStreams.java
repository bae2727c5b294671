package dev.hellostream.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.hellostream.log.CatchUpPermits;
import dev.hellostream.log.MessageLog;
import dev.hellostream.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * The parts of {@link LiveStreams}, assembled in the same way, but so small that clients
 * are overtaken and entries evicted all the time.
 */
final class SmallLiveStreams {

	private final AppendedEntries entries;

	private final LogSource source;

	private final int permits;

	private final List<CursorLoop> loops = new ArrayList<>();

	private final List<? extends ScheduledExecutorService> executors;

	private final AtomicInteger stalled = new AtomicInteger();

	private final Consumer<Throwable> failures;

	SmallLiveStreams(AppendedEntries entries, MessageLog log, long nearBytes, ChunkMemory memory, int permits,
			LiveSettings settings, List<? extends ScheduledExecutorService> executors, Consumer<Throwable> failures) {
		this.entries = entries;
		this.permits = permits;
		this.source = new LogSource(log.tail(), nearBytes, log, new CatchUpPermits(permits), memory);
		this.executors = executors;
		this.failures = failures;
		for (ScheduledExecutorService executor : executors) {
			this.loops.add(new CursorLoop(executor, this.source, settings, this.stalled::incrementAndGet));
		}
		entries.beginAfter(log.tail().end().position());
		log.tail().listen(() -> this.loops.forEach(CursorLoop::wake));
	}

	MessageLog log() {
		return this.source.log();
	}

	CheckedClient subscribe(SubscriptionStart start, LiveFormat format, int loop) {
		Place place = Place.of(start, this.source);
		CheckedClient client = new CheckedClient(this.executors.get(loop), format, this.entries, place.position(),
				this.failures);
		client.cursor(this.loops.get(loop), format, place).open();
		return client;
	}

	static SubscriptionStart after(@Nullable Position position) {
		return new SubscriptionStart(position, position == null, null);
	}

	static SubscriptionStart live() {
		return new SubscriptionStart(null, false, null);
	}

	void finish() {
		this.loops.forEach((loop) -> loop.finish((format) -> (format == LiveFormat.SSE)
				? CheckedClient.LAST_WORDS.getBytes(StandardCharsets.US_ASCII) : new byte[0]));
	}

	int stalled() {
		return this.stalled.get();
	}

	/** The number of bytes in chunks that have not been released. */
	long heldBytes() {
		return this.source.memory().used();
	}

	/** Whether all permits to read the log are free, and no request waits. */
	boolean hasAllPermits() {
		AtomicInteger granted = new AtomicInteger();
		boolean contended = this.source.permits().isContended();
		for (int i = 0; i < this.permits; i++) {
			this.source.permits().acquire(granted::incrementAndGet);
		}
		return granted.get() == this.permits && !contended;
	}

}
