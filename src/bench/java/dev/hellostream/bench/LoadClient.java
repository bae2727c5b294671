package dev.hellostream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Thousands of connections on one thread, which reads everything into one buffer and
 * allocates nothing for what it reads.
 */
final class LoadClient implements AutoCloseable {

	/** Connections that are being opened at a time: fewer than any server's backlog. */
	private static final int OPENING_AT_A_TIME = 200;

	private static final int BUFFER_BYTES = 256 * 1024;

	private final Selector selector;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

	private final Queue<Connection> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger ready = new AtomicInteger();

	private final InetSocketAddress address;

	private final Thread thread;

	private int opening;

	private volatile boolean closed;

	private volatile @Nullable Exception failure;

	/**
	 * Start a client without connections.
	 * @param address the server
	 */
	LoadClient(InetSocketAddress address) {
		this.address = address;
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.thread = new Thread(this::run, "load-client");
		this.thread.start();
	}

	/**
	 * Open connections, and wait until the server has begun to answer on all of them.
	 * @param receivers who receives on them
	 * @param limit how long to wait at most
	 */
	void open(Collection<? extends Receiver> receivers, Duration limit) {
		int expected = this.ready.get() + receivers.size();
		openSoon(receivers);
		if (!Await.until(limit, () -> this.ready.get() >= expected || this.failure != null)) {
			throw new IllegalStateException(
					"%d of %d connections are open after %s".formatted(this.ready.get(), expected, limit));
		}
		check();
	}

	/** Open connections and do not wait. */
	void openSoon(Collection<? extends Receiver> receivers) {
		receivers.forEach((receiver) -> this.waiting.add(new Connection(receiver)));
		this.selector.wakeup();
	}

	/** How many connections are open. */
	int ready() {
		return this.ready.get();
	}

	/** Throws what has ended the client's thread, if anything has. */
	void check() {
		if (this.failure != null) {
			throw new IllegalStateException(this.failure);
		}
	}

	/** Close all connections. What the receivers hold can be read after that. */
	@Override
	public void close() {
		this.closed = true;
		this.selector.wakeup();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void run() {
		try {
			while (!this.closed) {
				connectMore();
				this.selector.select(this::handle, 100);
			}
		}
		catch (IOException | RuntimeException ex) {
			this.failure = ex;
		}
		finally {
			closeAll();
		}
	}

	private void connectMore() throws IOException {
		while (this.opening < OPENING_AT_A_TIME) {
			Connection next = this.waiting.poll();
			if (next == null) {
				return;
			}
			this.opening++;
			SocketChannel channel = SocketChannel.open();
			channel.configureBlocking(false);
			SelectionKey key = channel.register(this.selector, SelectionKey.OP_CONNECT, next);
			if (channel.connect(this.address)) {
				connected(channel, key, next);
			}
		}
	}

	private void handle(SelectionKey key) {
		SocketChannel channel = (SocketChannel) key.channel();
		Connection connection = (Connection) key.attachment();
		try {
			if (key.isReadable()) {
				read(channel, connection);
			}
			else if (key.isConnectable() && channel.finishConnect()) {
				connected(channel, key, connection);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void connected(SocketChannel channel, SelectionKey key, Connection connection) throws IOException {
		key.interestOps(SelectionKey.OP_READ);
		connection.receiver.connected(channel);
		noteReady(connection);
	}

	private void read(SocketChannel channel, Connection connection) throws IOException {
		ByteBuffer bytes = this.buffer.clear();
		if (connection.rest != null) {
			bytes.put(connection.rest);
			connection.rest = null;
		}
		if (channel.read(bytes) < 0) {
			throw new IOException("The server has closed a connection");
		}
		bytes.flip();
		int done = connection.receiver.receive(bytes, Message.micros());
		if (done < bytes.limit()) {
			connection.rest = new byte[bytes.limit() - done];
			bytes.get(done, connection.rest);
		}
		noteReady(connection);
	}

	private void noteReady(Connection connection) {
		if (!connection.ready && connection.receiver.isReady()) {
			connection.ready = true;
			this.opening--;
			this.ready.incrementAndGet();
		}
	}

	private void closeAll() {
		try (this.selector) {
			for (SelectionKey key : this.selector.keys()) {
				key.channel().close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A connection and what of its bytes waits for more. */
	private static final class Connection {

		private final Receiver receiver;

		private boolean ready;

		private byte @Nullable [] rest;

		private Connection(Receiver receiver) {
			this.receiver = receiver;
		}

	}

}
