package dev.hellostream.log;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The log of a single process, in its memory. It starts empty with the process and ends
 * with it; the tags of its positions see to it that nobody resumes in the wrong run.
 *
 * <p>
 * The retained entries are the one piece of shared state, and their monitor guards them:
 * it is held to add an entry or to copy a batch of references, never while anything is
 * emitted.
 */
final class InMemoryMessageLog implements MessageLog, MeasuredLog {

	private final RetainedEntries entries;

	private final DuplicateWindow duplicates = new DuplicateWindow();

	private final Set<LogReader> readers = ConcurrentHashMap.newKeySet();

	private final Scheduler scheduler;

	private long lastOffset;

	private long hidden;

	InMemoryMessageLog(LogSettings settings, Scheduler scheduler) {
		// No entry precedes the first, so a random tag stands for the beginning of this
		// run.
		Position beginning = new Position(0, ThreadLocalRandom.current().nextInt());
		this.entries = new RetainedEntries(beginning, settings.maxEntries(), settings.maxBytes().toBytes());
		this.scheduler = scheduler;
	}

	@Override
	public Mono<Position> append(ReceivedMessage message) {
		return Mono.fromSupplier(() -> {
			Position position = store(message);
			this.readers.forEach(LogReader::drain);
			return position;
		});
	}

	private Position store(ReceivedMessage message) {
		synchronized (this.entries) {
			LogEntry entry = new LogEntry(Position.of(++this.lastOffset, message), message);
			if (this.duplicates.repeats(entry.position().offset(), message)) {
				this.hidden++;
			}
			else {
				this.entries.add(entry);
			}
			return entry.position();
		}
	}

	@Override
	public Flux<LogItem> read(ReadFrom from) {
		return Flux.from((subscriber) -> subscriber
			.onSubscribe(new InMemoryLogReader(this.entries, this.readers, from, subscriber, this.scheduler)));
	}

	@Override
	public Mono<LogItem> find(Position position) {
		return Mono.fromSupplier(() -> {
			synchronized (this.entries) {
				LogEntry entry = this.entries.at(position.offset());
				return (entry != null && entry.position().equals(position)) ? entry
						: new Gap(position, this.entries.first());
			}
		});
	}

	@Override
	public LogExtent extent() {
		synchronized (this.entries) {
			return this.entries.extent();
		}
	}

	@Override
	public long hidden() {
		synchronized (this.entries) {
			return this.hidden;
		}
	}

}
