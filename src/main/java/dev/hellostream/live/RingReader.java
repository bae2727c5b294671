package dev.hellostream.live;

import java.time.Duration;
import java.util.function.Consumer;

import dev.hellostream.log.CaughtUp;
import dev.hellostream.log.Gap;
import dev.hellostream.log.LogEntry;
import dev.hellostream.log.LogItem;
import dev.hellostream.log.Position;
import dev.hellostream.log.ReadFrom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/**
 * Reads the log into the ring, one frame an entry: first as much of its end as the ring
 * holds, then whatever is appended. When the log cannot be read it tries again and goes
 * on after the last entry in the ring.
 */
final class RingReader {

	private static final Logger logger = LoggerFactory.getLogger(RingReader.class);

	private final FrameSource source;

	private final Runnable added;

	private final Consumer<LogEntry> live;

	/**
	 * Create a reader.
	 * @param source the log, the ring and the encoder between them
	 * @param added called by the thread of the log after each frame, and when the ring is
	 * ready
	 * @param live told of each entry that was appended while this reads
	 */
	RingReader(FrameSource source, Runnable added, Consumer<LogEntry> live) {
		this.source = source;
		this.added = added;
		this.live = live;
	}

	/**
	 * Begin to read, until the result is disposed of.
	 */
	Disposable start() {
		return Flux.defer(() -> this.source.log().read(unread()))
			.doOnNext(this::accept)
			.doOnError((ex) -> logger.error("Live streams stand still: the log cannot be read. Trying again.", ex))
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(5)))
			.subscribe();
	}

	private ReadFrom unread() {
		Position last = this.source.ring().end().position();
		return (last != null) ? ReadFrom.after(last) : ReadFrom.newest(this.source.ring().capacity());
	}

	private void accept(LogItem item) {
		FrameRing ring = this.source.ring();
		if (item instanceof CaughtUp end) {
			ring.endOfLog(end.position());
			this.added.run();
			return;
		}
		Frame frame = this.source.encoder().encode(item);
		if (item instanceof Gap) {
			ring.addGap(frame);
		}
		else {
			ring.add(frame);
		}
		this.added.run();
		if (ring.isReady() && item instanceof LogEntry entry) {
			this.live.accept(entry);
		}
	}

}
