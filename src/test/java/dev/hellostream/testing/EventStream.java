package dev.hellostream.testing;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A strict reader of server-sent events on a plain socket. It distinguishes a clean end
 * from a broken connection, returns comments and {@code retry}, and rejects unknown
 * fields. Not thread-safe, except for {@link #cut()}.
 */
public final class EventStream implements AutoCloseable {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);

	private final Socket socket;

	private final List<String> head = new ArrayList<>();

	private final BufferedReader lines;

	private EventStream(Socket socket) throws IOException {
		this.socket = socket;
		InputStream input = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
		for (String line = readLine(input); !line.isEmpty(); line = readLine(input)) {
			this.head.add(line);
		}
		// An explicit decoder reports malformed UTF-8, where a charset would replace it.
		this.lines = new BufferedReader(new InputStreamReader(new Chunks(input), StandardCharsets.UTF_8.newDecoder()));
	}

	/**
	 * Open a stream and read the head of the response.
	 * @param uri the address to request
	 * @param headers further header lines of the request
	 * @return the stream
	 * @throws IOException if there is no response
	 */
	public static EventStream open(URI uri, String... headers) throws IOException {
		return open(uri, Duration.ofSeconds(30), headers);
	}

	/**
	 * Open a stream with its own read timeout.
	 * @param uri the address to request
	 * @param silence the time without a byte after which reading fails
	 * @param headers further header lines of the request
	 * @return the stream
	 * @throws IOException if there is no response
	 */
	public static EventStream open(URI uri, Duration silence, String... headers) throws IOException {
		Socket socket = new Socket(uri.getHost(), uri.getPort());
		try {
			socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
			String target = uri.getRawPath() + ((uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "");
			StringBuilder request = new StringBuilder("GET ").append(target)
				.append(" HTTP/1.1\r\nHost: ")
				.append(uri.getAuthority())
				.append("\r\nAccept: text/event-stream\r\n");
			for (String header : headers) {
				request.append(header).append("\r\n");
			}
			socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
			return new EventStream(socket);
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * The head of the response.
	 * @return the status line and the header lines
	 */
	public List<String> head() {
		return List.copyOf(this.head);
	}

	/**
	 * Read the next frame, which may be a comment or a bare {@code retry}.
	 * @return the frame, or {@code null} after a clean end
	 * @throws EOFException if the stream was cut
	 * @throws IOException if reading fails otherwise, also by the read timeout
	 */
	public @Nullable Frame next() throws IOException {
		Frame frame = Frame.EMPTY;
		for (String line = this.lines.readLine(); line != null; line = this.lines.readLine()) {
			if (!line.isEmpty()) {
				frame = frame.with(line);
			}
			else if (!frame.equals(Frame.EMPTY)) {
				return frame;
			}
		}
		return frame.equals(Frame.EMPTY) ? null : frame;
	}

	/**
	 * Read the next event, and skip comments.
	 * @return the event
	 * @throws IOException as for {@link #next()}, at a clean end, and if only comments
	 * arrive for 90 seconds: a blocked read cannot be interrupted from outside
	 */
	public Frame nextEvent() throws IOException {
		long start = System.nanoTime();
		for (Frame frame = next(); frame != null; frame = next()) {
			if (frame.data() != null) {
				return frame;
			}
			if (System.nanoTime() - start > LONGEST_WAIT.toNanos()) {
				throw new SocketTimeoutException("Only comments for " + LONGEST_WAIT);
			}
		}
		throw new EOFException("The stream ended cleanly");
	}

	/**
	 * Reset the connection (RST), as a client that aborts does. Any thread may call it.
	 * @throws IOException if the socket cannot be closed
	 */
	public void cut() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private static String readLine(InputStream input) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = input.read(); next != '\n'; next = input.read()) {
			if (next == -1) {
				throw new EOFException("The stream was cut");
			}
			line.append((char) next);
		}
		return line.substring(0, line.length() - 1);
	}

	/**
	 * One block of an event stream.
	 *
	 * @param id the value of {@code id}, if it was sent
	 * @param event the value of {@code event}, if it was sent
	 * @param data the lines of {@code data}, if any was sent
	 * @param retry the value of {@code retry}, if it was sent
	 * @param comment the last comment, if there was one
	 */
	public record Frame(@Nullable String id, @Nullable String event, @Nullable String data, @Nullable String retry,
			@Nullable String comment) {

		private static final Frame EMPTY = new Frame(null, null, null, null, null);

		private Frame with(String line) throws IOException {
			int colon = line.indexOf(':');
			String field = (colon < 0) ? line : line.substring(0, colon);
			String value = (colon < 0) ? "" : line.substring(colon + 1);
			value = value.startsWith(" ") ? value.substring(1) : value;
			return switch (field) {
				case "id" -> new Frame(value, this.event, this.data, this.retry, this.comment);
				case "event" -> new Frame(this.id, value, this.data, this.retry, this.comment);
				case "data" -> new Frame(this.id, this.event, (this.data != null) ? this.data + "\n" + value : value,
						this.retry, this.comment);
				case "retry" -> new Frame(this.id, this.event, this.data, value, this.comment);
				case "" -> new Frame(this.id, this.event, this.data, this.retry, value);
				default -> throw new IOException("No field of an event stream: " + line);
			};
		}

	}

	/**
	 * Decodes the chunked transfer coding, and requires the last chunk.
	 */
	private static final class Chunks extends InputStream {

		private final InputStream input;

		private int left;

		private boolean ended;

		private Chunks(InputStream input) {
			this.input = input;
		}

		@Override
		public int read() throws IOException {
			byte[] single = new byte[1];
			return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			if (this.ended) {
				return -1;
			}
			if (this.left == 0) {
				this.left = Integer.parseInt(readLine(this.input), 16);
				if (this.left == 0) {
					readLine(this.input);
					this.ended = true;
					return -1;
				}
			}
			int read = this.input.read(bytes, offset, Math.min(length, this.left));
			if (read < 0) {
				throw new EOFException("The stream was cut");
			}
			this.left -= read;
			if (this.left == 0) {
				readLine(this.input);
			}
			return read;
		}

	}

}
