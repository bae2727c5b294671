package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Requests whose head never comes to its end: each sends another field every five
 * seconds, and is made anew within a second when the server has cut it off. They come
 * evenly, some hundred a second. This is a program of its own, see {@link Attack}.
 */
public final class HalfOpenClients {

	private static final byte[] BEGIN = "GET /messages HTTP/1.1\r\nHost: localhost\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] FIELD = "X-Slow: 1\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final int TICK_MILLIS = 20;

	private static final int TICKS_A_SECOND = 1_000 / TICK_MILLIS;

	private static final int TICKS_A_FIELD = 5 * TICKS_A_SECOND;

	/** How long the server gives a head. */
	private static final int TICKS_A_LIFE = 10 * TICKS_A_SECOND;

	private final InetSocketAddress address;

	private final SocketChannel[] channels;

	private final Selector selector;

	private HalfOpenClients(InetSocketAddress address, int count) throws IOException {
		this.address = address;
		this.channels = new SocketChannel[count];
		this.selector = Selector.open();
	}

	/**
	 * Open requests, and go on until the process is ended.
	 * @param args the server's port on this machine, how many requests at a time, and for
	 * how many seconds at most
	 */
	public static void main(String[] args) throws IOException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
		new HalfOpenClients(address, Integer.parseInt(args[1])).run(Integer.parseInt(args[2]) * TICKS_A_SECOND);
	}

	private void run(int ticks) throws IOException {
		long start = System.nanoTime();
		for (int tick = 0; tick < ticks; tick++) {
			int begun = Math.min(this.channels.length, this.channels.length * tick / TICKS_A_LIFE);
			for (int i = tick % TICKS_A_SECOND; i < begun; i += TICKS_A_SECOND) {
				open(i);
			}
			for (int i = tick % TICKS_A_FIELD; i < begun; i += TICKS_A_FIELD) {
				grow(this.channels[i]);
			}
			readUntil(start + TimeUnit.MILLISECONDS.toNanos((tick + 1L) * TICK_MILLIS));
		}
	}

	private void readUntil(long time) throws IOException {
		long rest;
		do {
			rest = TimeUnit.NANOSECONDS.toMillis(time - System.nanoTime());
			this.selector.select(HalfOpenClients::read, Math.max(1, rest));
		}
		while (rest > 1);
	}

	private void open(int index) throws IOException {
		SocketChannel former = this.channels[index];
		if (former == null || !former.isOpen()) {
			SocketChannel channel = SocketChannel.open(this.address);
			channel.configureBlocking(false);
			channel.register(this.selector, SelectionKey.OP_READ);
			this.channels[index] = channel;
			write(channel, BEGIN);
		}
	}

	private static void grow(@Nullable SocketChannel channel) {
		if (channel != null && channel.isOpen()) {
			write(channel, FIELD);
		}
	}

	private static void write(SocketChannel channel, byte[] bytes) {
		try {
			channel.write(ByteBuffer.wrap(bytes));
		}
		catch (IOException ex) {
			drop(channel);
		}
	}

	private static void read(SelectionKey key) {
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

	private static void drop(SocketChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
