package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Requests whose head never comes to its end: each sends another field every second, and
 * is made anew when the server has cut it off. They come evenly, some hundred a second.
 */
final class HalfOpenClients implements AutoCloseable {

	private static final byte[] BEGIN = "GET /messages HTTP/1.1\r\nHost: localhost\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] FIELD = "X-Slow: 1\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final int TICK_MILLIS = 20;

	private static final int TICKS_A_SECOND = 1_000 / TICK_MILLIS;

	/** A little longer than the server gives a head. */
	private static final int TICKS_A_LIFE = 11 * TICKS_A_SECOND;

	private final InetSocketAddress address;

	private final SocketChannel[] channels;

	private final Selector selector;

	private final AtomicInteger open = new AtomicInteger();

	private final AtomicInteger cutOff = new AtomicInteger();

	private final Thread thread;

	private volatile boolean closed;

	/**
	 * Begin to open requests.
	 * @param server the server
	 * @param count how many at a time
	 */
	HalfOpenClients(StreamServer server, int count) {
		this.address = server.address();
		this.channels = new SocketChannel[count];
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.thread = new Thread(this::run, "half-open");
		this.thread.start();
	}

	/** How many are open. */
	int open() {
		return this.open.get();
	}

	/** How many the server has cut off. */
	int cutOff() {
		return this.cutOff.get();
	}

	private void run() {
		try {
			for (int tick = 0; !this.closed; tick++) {
				for (int i = tick % TICKS_A_LIFE; i < this.channels.length && !this.closed; i += TICKS_A_LIFE) {
					open(i);
				}
				for (int i = tick % TICKS_A_SECOND; i < this.channels.length && !this.closed; i += TICKS_A_SECOND) {
					grow(this.channels[i]);
				}
				this.selector.select(this::read, TICK_MILLIS);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void open(int index) throws IOException {
		SocketChannel former = this.channels[index];
		if (former == null || !former.isOpen()) {
			SocketChannel channel = SocketChannel.open(this.address);
			channel.configureBlocking(false);
			channel.register(this.selector, SelectionKey.OP_READ);
			this.channels[index] = channel;
			this.open.incrementAndGet();
			write(channel, BEGIN);
		}
	}

	private void grow(@Nullable SocketChannel channel) {
		if (channel != null && channel.isOpen()) {
			write(channel, FIELD);
		}
	}

	private void write(SocketChannel channel, byte[] bytes) {
		try {
			channel.write(ByteBuffer.wrap(bytes));
		}
		catch (IOException ex) {
			drop(channel);
		}
	}

	private void read(SelectionKey key) {
		SocketChannel channel = (SocketChannel) key.channel();
		try {
			if (channel.read(ByteBuffer.allocate(1024)) < 0) {
				drop(channel);
			}
		}
		catch (IOException ex) {
			drop(channel);
		}
	}

	private void drop(SocketChannel channel) {
		this.cutOff.incrementAndGet();
		this.open.decrementAndGet();
		close(channel);
	}

	private static void close(SocketChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.selector.wakeup();
		try (this.selector) {
			this.thread.join();
			for (SocketChannel channel : this.channels) {
				if (channel != null) {
					close(channel);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
