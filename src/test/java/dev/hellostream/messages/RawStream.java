package dev.hellostream.messages;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A live stream as it is on the wire: a socket, HTTP/1.1 chunks, and lines.
 */
final class RawStream implements Closeable {

	private final Socket socket;

	private final InputStream in;

	private final Map<String, String> headers = new LinkedHashMap<>();

	private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

	private final String status;

	private int pendingStart;

	private boolean ended;

	RawStream(int port, String path, String accept, String... headers) throws IOException {
		this(port, 0, path, accept, headers);
	}

	RawStream(int port, int receiveBuffer, String path, String accept, String... headers) throws IOException {
		this.socket = new Socket();
		if (receiveBuffer > 0) {
			this.socket.setReceiveBufferSize(receiveBuffer);
		}
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
		this.socket.setSoTimeout(20_000);
		StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept);
		for (String header : headers) {
			request.append("\r\n").append(header);
		}
		this.socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		this.in = new BufferedInputStream(this.socket.getInputStream());
		this.status = headLine();
		for (String line = headLine(); !line.isEmpty(); line = headLine()) {
			this.headers.put(line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
					line.substring(line.indexOf(':') + 1).strip());
		}
	}

	static RawStream sse(int port, String path, String... headers) throws IOException {
		return new RawStream(port, path, "text/event-stream", headers);
	}

	String status() {
		return this.status;
	}

	@Nullable String header(String name) {
		return this.headers.get(name);
	}

	/**
	 * Read the next event, and skip heartbeats.
	 * @return its fields, or {@code null} at the clean end of the stream
	 */
	@Nullable Event event() throws IOException {
		List<String> lines = new ArrayList<>();
		while (true) {
			String line = line();
			if (line == null) {
				return null;
			}
			if (line.isEmpty() && !lines.isEmpty()) {
				return Event.of(lines);
			}
			if (!line.isEmpty() && !line.startsWith(":")) {
				lines.add(line);
			}
		}
	}

	/**
	 * Read the next message, and skip other events.
	 */
	Event message() throws IOException {
		while (true) {
			Event event = event();
			if (event == null) {
				throw new EOFException("The stream has ended");
			}
			if (event.type().equals("message") && !event.data().isEmpty()) {
				return event;
			}
		}
	}

	/**
	 * Read the next line of the body.
	 * @return the line, or {@code null} at the clean end
	 */
	@Nullable String line() throws IOException {
		while (true) {
			byte[] bytes = this.pending.toByteArray();
			for (int i = this.pendingStart; i < bytes.length; i++) {
				if (bytes[i] == '\n') {
					String line = new String(bytes, this.pendingStart, i - this.pendingStart, StandardCharsets.UTF_8);
					this.pendingStart = i + 1;
					return line;
				}
			}
			this.pending.reset();
			this.pending.write(bytes, this.pendingStart, bytes.length - this.pendingStart);
			this.pendingStart = 0;
			if (this.ended || !readChunk()) {
				this.ended = true;
				return null;
			}
		}
	}

	private boolean readChunk() throws IOException {
		int length = Integer.parseInt(headLine(), 16);
		byte[] chunk = this.in.readNBytes(length);
		if (chunk.length < length || !headLine().isEmpty()) {
			throw new EOFException("A chunk was cut");
		}
		this.pending.writeBytes(chunk);
		return length > 0;
	}

	private String headLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		while (true) {
			int next = this.in.read();
			if (next < 0) {
				throw new EOFException("The connection was cut");
			}
			if (next == '\n') {
				return line.toString(StandardCharsets.US_ASCII).stripTrailing();
			}
			line.write(next);
		}
	}

	void timeout(int millis) throws IOException {
		this.socket.setSoTimeout(millis);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * An event.
	 */
	record Event(String type, @Nullable String id, String data, @Nullable String retry) {

		static Event of(List<String> lines) {
			Map<String, String> fields = new LinkedHashMap<>();
			for (String line : lines) {
				int colon = line.indexOf(": ");
				fields.put(line.substring(0, colon), line.substring(colon + 2));
			}
			return new Event(fields.getOrDefault("event", "message"), fields.get("id"), fields.getOrDefault("data", ""),
					fields.get("retry"));
		}

	}

}
