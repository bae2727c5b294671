package dev.hellostream.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * A subscriber that checks that it gets every message once, and in order where there is
 * one.
 */
final class Watcher implements Receiver {

	private static final byte[] OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);

	private final byte[] request;

	private final Deliveries deliveries;

	/** Those that have come, where they may come in any order. */
	private final @Nullable BitSet seen;

	/** Written once a read, for others to see. */
	private volatile long next;

	private boolean ready;

	/**
	 * Create a watcher.
	 * @param request the request that opens the stream
	 * @param first the number of the first message that is to come
	 * @param deliveries where to record what comes
	 */
	Watcher(byte[] request, long first, Deliveries deliveries) {
		this(request, first, deliveries, null);
	}

	private Watcher(byte[] request, long first, Deliveries deliveries, @Nullable BitSet seen) {
		this.request = request;
		this.next = first;
		this.deliveries = deliveries;
		this.seen = seen;
	}

	/** A watcher of messages that may come in any order. */
	static Watcher ofAnyOrder(byte[] request, Deliveries deliveries) {
		return new Watcher(request, 0, deliveries, new BitSet());
	}

	/** Watchers that all wait for the same. */
	static List<Watcher> many(int count, byte[] request, long first, Deliveries deliveries) {
		return IntStream.range(0, count).mapToObj((i) -> new Watcher(request, first, deliveries)).toList();
	}

	@Override
	public void connected(SocketChannel channel) throws IOException {
		channel.write(ByteBuffer.wrap(this.request));
	}

	/** The number of the message that is to come next. */
	long next() {
		return this.next;
	}

	@Override
	public boolean isReady() {
		return this.ready;
	}

	@Override
	public int receive(ByteBuffer bytes, long micros) throws IOException {
		int at = 0;
		if (!this.ready) {
			at = opening(bytes);
			if (!this.ready) {
				return 0;
			}
		}
		return messages(bytes, at, micros);
	}

	private int messages(ByteBuffer bytes, int from, long micros) {
		int limit = bytes.limit();
		long expected = this.next;
		int at = Message.find(bytes, from);
		while (limit - at >= Message.MARK_LENGTH) {
			long number = Message.number(bytes, at);
			if (this.seen != null) {
				if (this.seen.get((int) number)) {
					this.deliveries.fault("message %d came twice".formatted(number));
				}
				this.seen.set((int) number);
			}
			else if (number != expected) {
				this.deliveries.fault("message %d came instead of %d".formatted(number, expected));
			}
			expected = number + 1;
			this.deliveries.record(micros - Message.publishedMicros(bytes, at));
			at = Message.find(bytes, Math.min(limit, at + Message.MARK_LENGTH + Message.PADDING));
		}
		this.next = expected;
		return at;
	}

	/** The head and the first event or comment, with which the subscription begins. */
	private int opening(ByteBuffer bytes) throws IOException {
		if (bytes.limit() < OK.length) {
			return 0;
		}
		for (int i = 0; i < OK.length; i++) {
			if (bytes.get(i) != OK[i]) {
				throw new IOException("A stream was refused: " + StandardCharsets.US_ASCII.decode(bytes));
			}
		}
		for (int i = OK.length; i < bytes.limit(); i++) {
			if (bytes.get(i) == '\n' && bytes.get(i - 1) == '\n') {
				this.ready = true;
				return i + 1;
			}
		}
		return 0;
	}

}
