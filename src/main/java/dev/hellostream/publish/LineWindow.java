package dev.hellostream.publish;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Bounds what one request has under way, however its body is cut: the lines, and their
 * bytes. Lines that were received together go in together, so that both can be exceeded
 * by one buffer. Thread-safe; one group of lines waits at a time.
 */
final class LineWindow {

	/** The channel takes some thousands at a time, from all requests together. */
	static final int LINES = 512;

	static final long BYTES = 256 * 1024;

	private int lines;

	private long bytes;

	private @Nullable Waiting waiting;

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
		if (this.lines >= LINES || this.bytes >= BYTES) {
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
		this.bytes -= leaving;
		Waiting next = this.waiting;
		this.waiting = null;
		return (next != null && admit(next)) ? next : null;
	}

	private record Waiting(int lines, long bytes, MonoSink<Void> entered) {
	}

}
