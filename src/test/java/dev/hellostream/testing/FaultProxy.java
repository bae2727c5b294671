package dev.hellostream.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A network that can be made worse: a port of loopback, whose connections lead to
 * another. Everything can be changed at any time, and counts for all connections.
 */
public final class FaultProxy implements Closeable {

	/** Small, so that a change is felt at once. */
	private static final int BUFFER_BYTES = 1024;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ServerSocket server;

	private final int target;

	private volatile boolean stalled;

	private volatile long nanosPerByte;

	private volatile @Nullable String fatal;

	/**
	 * Open the port.
	 * @param target the port to which its connections lead
	 */
	public FaultProxy(int target) {
		this.target = target;
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.execute(this::accept);
	}

	/**
	 * Where it listens.
	 * @return the port
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Let nothing through (a black hole): connections are accepted and stay open, and
	 * what is sent waits.
	 */
	public void stall() {
		this.stalled = true;
	}

	/**
	 * Limit what each connection carries in each direction.
	 * @param bytesPerSecond how much
	 */
	public void slowDown(int bytesPerSecond) {
		this.nanosPerByte = 1_000_000_000L / bytesPerSecond;
	}

	/**
	 * Break each connection (RST) on which a text is about to come from the other side.
	 * @param text the text, in ASCII and shorter than a kilobyte
	 */
	public void cutAt(String text) {
		this.fatal = text;
	}

	/**
	 * Let everything through again, at once.
	 */
	public void heal() {
		this.stalled = false;
		this.nanosPerByte = 0;
	}

	/**
	 * Break all connections (RST). New ones are accepted.
	 */
	public void cut() {
		this.sockets.forEach(this::cut);
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		cut();
		this.threads.shutdownNow();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket client = open(this.server.accept());
				this.threads.execute(() -> connect(client));
			}
			catch (IOException ex) {
				// Closed, or a client that has gone already.
			}
		}
	}

	private void connect(Socket client) {
		try {
			Socket broker = open(new Socket(InetAddress.getLoopbackAddress(), this.target));
			this.threads.execute(() -> pump(client, broker, false));
			pump(broker, client, true);
		}
		catch (IOException ex) {
			cut(client);
		}
	}

	private Socket open(Socket socket) throws IOException {
		this.sockets.add(socket);
		socket.setTcpNoDelay(true);
		return socket;
	}

	private void pump(Socket from, Socket to, boolean answers) {
		byte[] buffer = new byte[BUFFER_BYTES];
		String before = "";
		try {
			for (int read = from.getInputStream().read(buffer); read >= 0; read = from.getInputStream().read(buffer)) {
				pass(from, read);
				String fatal = this.fatal;
				if (answers && fatal != null) {
					String text = before + new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
					if (text.contains(fatal)) {
						throw new IOException("cut");
					}
					before = text.substring(Math.max(0, text.length() - fatal.length()));
				}
				to.getOutputStream().write(buffer, 0, read);
			}
			to.shutdownOutput();
		}
		catch (IOException ex) {
			cut(from);
			cut(to);
		}
	}

	/** Wait until so many bytes may go on. */
	private void pass(Socket socket, int bytes) throws IOException {
		long start = System.nanoTime();
		while (this.stalled || System.nanoTime() - start < bytes * this.nanosPerByte) {
			LockSupport.parkNanos(1_000_000);
			if (socket.isClosed()) {
				throw new IOException("cut");
			}
		}
	}

	private void cut(Socket socket) {
		this.sockets.remove(socket);
		try {
			socket.setSoLinger(true, 0);
			socket.close();
		}
		catch (IOException ex) {
			// It is closed already.
		}
	}

}
