package dev.hellostream.publish;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Bounds what one request has under way, however its body is cut: the lines, and their
 * bytes. Lines that were received together go in together, so that both can be exceeded
 * by one buffer. Thread-safe; one group of lines waits at a time.
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
	 * @param maxLines how many lines there is room for. The publisher takes some
	 * thousands at a time, from all requests together.
	 */
	LineWindow(int maxLines) {
		this.maxLines = maxLines;
	}

	/**
	 * Let some lines in, as soon as there is room for one.
	 * @param lines how many they are
	 * @param bytes how many bytes they have together
	 * @return completes when they are in
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
	 * A line has its outcome.
	 * @param bytes how many bytes it had
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
	 * Whether it is the client that others wait for.
	 * @param time for how long
	 * @return true if nothing has been under way for this time
	 */
	synchronized boolean isIdleFor(Duration time) {
		return this.lines == 0 && System.nanoTime() - this.lastLeft >= time.toNanos();
	}

	private record Waiting(int lines, long bytes, MonoSink<Void> entered) {
	}

}
