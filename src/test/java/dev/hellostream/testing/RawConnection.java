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
 * A connection on which any bytes can be sent, HTTP or not. Not thread-safe.
 */
public final class RawConnection implements AutoCloseable {

	private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

	private static final int BUFFER_BYTES = 64 * 1024;

	private final Socket socket = new Socket();

	private final byte[] buffer = new byte[BUFFER_BYTES];

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	/**
	 * Connect.
	 * @param server any URI of the server
	 * @throws IOException if nothing listens there
	 */
	public RawConnection(URI server) throws IOException {
		this(server, 0);
	}

	/**
	 * Connect with a small receive window.
	 * @param server any URI of the server
	 * @param receiveBuffer the size of the receive buffer in bytes, or 0 for the default
	 * @throws IOException if nothing listens there
	 */
	public RawConnection(URI server, int receiveBuffer) throws IOException {
		if (receiveBuffer > 0) {
			this.socket.setReceiveBufferSize(receiveBuffer);
		}
		this.socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
	}

	/**
	 * Send a request with {@code Connection: close}, and read until the connection ends.
	 * @param server any URI of the server
	 * @param requestLine the first line
	 * @param headers further header lines, including {@code Host}
	 * @return the response, head and body
	 * @throws IOException if nothing listens, or the connection is open after 30 seconds
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
	 * Send characters as ISO 8859-1.
	 * @param latin1 the characters
	 * @return this
	 * @throws IOException if it cannot be sent
	 */
	public RawConnection send(String latin1) throws IOException {
		this.socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
		return this;
	}

	/**
	 * Read until the server closes or resets the connection.
	 * @param limit the maximum time to wait
	 * @throws SocketTimeoutException if the connection is open after that time
	 */
	public void awaitEnd(Duration limit) throws IOException {
		trickleUntilEnd("", limit);
	}

	/**
	 * Send a text up to ten times a second until the server closes or resets the
	 * connection, and read the responses.
	 * @param piece the text
	 * @param limit the maximum time to wait
	 * @throws SocketTimeoutException if the connection is open after that time
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
	 * Read until a number of responses have begun.
	 * @param count the number
	 * @param limit the maximum time to wait
	 * @throws IOException if they do not begin in that time
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
	 * Read until a response has begun, or the server closes or resets the connection.
	 * @param limit the maximum time to wait
	 * @throws IOException if neither happens in that time
	 */
	public void awaitResponseOrEnd(Duration limit) throws IOException {
		this.socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
		try {
			receive();
		}
		catch (SocketException ex) {
			// The server reset the connection, since it closed it with unread data.
			return;
		}
	}

	/**
	 * Read the bytes that are available, or wait for the first.
	 * @return false at the end of the connection
	 */
	private boolean receive() throws IOException {
		int read = this.socket.getInputStream().read(this.buffer);
		if (read < 0) {
			return false;
		}
		this.received.write(this.buffer, 0, read);
		return true;
	}

	/** Everything that has been read. */
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
