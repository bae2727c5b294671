package dev.hellostream.log;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The log of a single instance, in its memory: a {@link Tail} without a history. It is
 * empty when the instance starts and is discarded when the instance ends; the tags of its
 * positions prevent clients from resuming in another run.
 *
 * <p>
 * Appends run one at a time, on the thread that subscribes. Reads take no lock, and run
 * on the thread that requests items.
 */
final class InMemoryMessageLog implements MessageLog {

	private final Tail tail;

	private final DeliveryLag lag;

	private final DuplicateWindow duplicates = new DuplicateWindow();

	private long lastOffset;

	private final LongAdder hidden = new LongAdder();

	InMemoryMessageLog(LogSettings settings, DeliveryLag lag) {
		this.tail = new Tail(settings.maxEntries(), settings.maxBytes().toBytes());
		// No entry precedes the first: a random tag identifies the start of this run.
		this.tail.begin(new Position(0, ThreadLocalRandom.current().nextInt()), List.of());
		this.lag = lag;
	}

	@Override
	public Mono<Position> append(ReceivedMessage message) {
		return Mono.fromSupplier(() -> store(message));
	}

	private synchronized Position store(ReceivedMessage message) {
		Position position = Position.of(++this.lastOffset, message);
		// Encode first: a message that fails here must not count as a repetition later.
		Entry entry = Entry.of(position, message);
		if (this.duplicates.repeats(position.offset(), message)) {
			this.hidden.increment();
		}
		else {
			this.tail.add(entry);
			this.lag.record(message);
		}
		return position;
	}

	@Override
	public Tail tail() {
		return this.tail;
	}

	@Override
	public Flux<LogItem> read(ReadFrom from) {
		return LogReading.read(this.tail, this::nothingOlder, from);
	}

	private Flux<LogItem> nothingOlder(@Nullable Position after) {
		return Flux.just((after != null) ? new Gap(after, null) : new CaughtUp(this.tail.floor()));
	}

	@Override
	public Mono<LogItem> find(Position position) {
		return LogReading.find(this.tail, this::nothingOlder, position);
	}

	@Override
	public long hidden() {
		return this.hidden.sum();
	}

}
