package dev.hellostream.publish;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Limits the lines that one request has under way, and their bytes, wherever its body is
 * split. Lines of one buffer enter together, so one buffer can exceed both limits.
 * Thread-safe; one group of lines waits at a time.
 */
final class LineWindow {

	static final long BYTES = 256 * 1024;

	private final int maxLines;

	private int lines;

	private long bytes;

	private long lastLeft = System.nanoTime();

	private @Nullable Waiting waiting;

	/**
	 * Create a window.
	 * @param maxLines maximum number of lines. The limit of the publisher, some
	 * thousands, is for all requests together.
	 */
	LineWindow(int maxLines) {
		this.maxLines = maxLines;
	}

	/**
	 * Admit a group of lines as soon as there is room for one line.
	 * @param lines number of lines
	 * @param bytes total number of bytes
	 * @return completes when they are admitted
	 */
	Mono<Void> enter(int lines, long bytes) {
		return Mono.create((entered) -> {
			if (admit(new Waiting(lines, bytes, entered))) {
				entered.success();
			}
		});
	}

	private synchronized boolean admit(Waiting group) {
		if (this.lines >= this.maxLines || this.bytes >= BYTES) {
			this.waiting = group;
			return false;
		}
		this.lines += group.lines();
		this.bytes += group.bytes();
		return true;
	}

	/**
	 * Remove a line that has an outcome.
	 * @param bytes its number of bytes
	 */
	void leave(long bytes) {
		Waiting next = admitNext(bytes);
		if (next != null) {
			next.entered().success();
		}
	}

	private synchronized @Nullable Waiting admitNext(long leaving) {
		this.lines--;
		this.lastLeft = System.nanoTime();
		this.bytes -= leaving;
		Waiting next = this.waiting;
		this.waiting = null;
		return (next != null && admit(next)) ? next : null;
	}

	/**
	 * Whether the request waits for its client.
	 * @param time the length of the wait
	 * @return true if nothing has been under way for this time
	 */
	synchronized boolean isIdleFor(Duration time) {
		return this.lines == 0 && System.nanoTime() - this.lastLeft >= time.toNanos();
	}

	private record Waiting(int lines, long bytes, MonoSink<Void> entered) {
	}

}
