package dev.hellostream.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection on which anything can be sent, HTTP or not. For one thread.
 */
public final class RawConnection implements AutoCloseable {

	private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

	private static final int BUFFER_BYTES = 64 * 1024;

	private final Socket socket = new Socket();

	private final byte[] buffer = new byte[BUFFER_BYTES];

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	/**
	 * Connect.
	 * @param server any address that the server serves
	 * @throws IOException if there is nobody
	 */
	public RawConnection(URI server) throws IOException {
		this(server, 0);
	}

	/**
	 * Connect with a small window.
	 * @param server any address that the server serves
	 * @param receiveBuffer how many bytes may wait to be read, or 0 for the default
	 * @throws IOException if there is nobody
	 */
	public RawConnection(URI server, int receiveBuffer) throws IOException {
		if (receiveBuffer > 0) {
			this.socket.setReceiveBufferSize(receiveBuffer);
		}
		this.socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
	}

	/**
	 * Send a request with {@code Connection: close}, and read all that comes.
	 * @param server any address that the server serves
	 * @param requestLine the first line
	 * @param headers further lines of the head, {@code Host} among them
	 * @return the response, head and body
	 * @throws IOException if there is none
	 */
	public static String exchange(URI server, String requestLine, String... headers) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			connection.send(requestLine + "\r\nConnection: close\r\n"
					+ String.join("", List.of(headers).stream().map((line) -> line + "\r\n").toList()) + "\r\n");
			connection.awaitEnd(Duration.ofSeconds(30));
			return connection.received();
		}
	}

	/**
	 * Send characters as bytes.
	 * @param latin1 what to send
	 * @return this
	 * @throws IOException if it cannot be sent
	 */
	public RawConnection send(String latin1) throws IOException {
		this.socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
		return this;
	}

	/**
	 * Read until the server ends the connection, in order or by a reset.
	 * @param limit how long to wait at most
	 * @throws SocketTimeoutException if it does not
	 */
	public void awaitEnd(Duration limit) throws IOException {
		trickleUntilEnd("", limit);
	}

	/**
	 * Send something ten times a second until the server ends the connection, and read
	 * what comes.
	 * @param piece what to send
	 * @param limit how long to wait at most
	 * @throws SocketTimeoutException if it does not
	 */
	public void trickleUntilEnd(String piece, Duration limit) throws IOException {
		long start = System.nanoTime();
		this.socket.setSoTimeout(100);
		while (System.nanoTime() - start < limit.toNanos()) {
			try {
				if (!receive()) {
					return;
				}
			}
			catch (SocketTimeoutException ex) {
				if (!trySend(piece)) {
					return;
				}
			}
			catch (IOException ex) {
				return;
			}
		}
		throw new SocketTimeoutException("Still open after %s, received: %s".formatted(limit, received()));
	}

	private boolean trySend(String piece) {
		try {
			send(piece);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Read until so many responses have begun.
	 * @param count how many
	 * @param limit how long to wait at most
	 * @throws IOException if they do not
	 */
	public void awaitResponses(int count, Duration limit) throws IOException {
		long start = System.nanoTime();
		this.socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
		while (statuses().size() < count) {
			if (!receive() || System.nanoTime() - start > limit.toNanos()) {
				throw new IOException("Only these came: " + statuses());
			}
		}
	}

	/**
	 * Read until a response has begun, or the server ends the connection.
	 * @param limit how long to wait at most
	 * @throws IOException if neither happens
	 */
	public void awaitResponseOrEnd(Duration limit) throws IOException {
		this.socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
		try {
			receive();
		}
		catch (SocketException ex) {
			// The end, by a reset: it had sent what nobody reads.
			return;
		}
	}

	/**
	 * Read what is there, or wait for it.
	 * @return false if this is the end
	 */
	private boolean receive() throws IOException {
		int read = this.socket.getInputStream().read(this.buffer);
		if (read < 0) {
			return false;
		}
		this.received.write(this.buffer, 0, read);
		return true;
	}

	/** What has been read. */
	public String received() {
		return this.received.toString(StandardCharsets.ISO_8859_1);
	}

	/** The status codes of the responses that have been read. */
	public List<Integer> statuses() {
		Matcher matcher = STATUS.matcher(received());
		return matcher.results().map((result) -> Integer.valueOf(result.group(1))).toList();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
