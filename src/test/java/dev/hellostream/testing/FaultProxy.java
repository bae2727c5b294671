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
 * A network with faults on demand: a loopback port, whose connections are forwarded to
 * another port. Faults can be set at any time, and apply to all connections.
 */
public final class FaultProxy implements Closeable {

	/** Small, so that a fault takes effect at once. */
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
	 * @param target the port to which connections are forwarded
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
	 * The port on which the proxy listens.
	 * @return the port
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Forward nothing (a black hole): connections are accepted and stay open, and their
	 * data is held back.
	 */
	public void stall() {
		this.stalled = true;
	}

	/**
	 * Limit the rate of each connection in each direction.
	 * @param bytesPerSecond the rate
	 */
	public void slowDown(int bytesPerSecond) {
		this.nanosPerByte = 1_000_000_000L / bytesPerSecond;
	}

	/**
	 * Reset each connection (RST) on which the server is about to send a text.
	 * @param text the text, in ASCII and shorter than a kilobyte
	 */
	public void cutAt(String text) {
		this.fatal = text;
	}

	/**
	 * End {@link #stall()} and {@link #slowDown(int)}.
	 */
	public void heal() {
		this.stalled = false;
		this.nanosPerByte = 0;
	}

	/**
	 * Reset all connections (RST). New ones are accepted.
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
				// The port is closed, or the client has disconnected already.
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

	/** Wait until a number of bytes may be forwarded. */
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
