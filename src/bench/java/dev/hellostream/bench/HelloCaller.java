package dev.hellostream.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Calls {@code GET /hello} over and over: the next request follows the response.
 */
final class HelloCaller implements Receiver {

	private static final Pattern HEAD = Pattern.compile("HTTP/1\\.1 200.*?\r\ncontent-length: (\\d+)\r\n(.*?\r\n)?\r\n",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final int LONGEST_HEAD = 512;

	private final byte[] request;

	private final Deliveries responses;

	private @Nullable SocketChannel channel;

	private long sentMicros;

	/**
	 * Create a caller.
	 * @param request the request to repeat
	 * @param responses where to record the time from request to response
	 */
	HelloCaller(byte[] request, Deliveries responses) {
		this.request = request;
		this.responses = responses;
	}

	@Override
	public void connected(SocketChannel channel) throws IOException {
		this.channel = channel;
		send(channel);
	}

	@Override
	public boolean isReady() {
		return this.channel != null;
	}

	@Override
	public int receive(ByteBuffer bytes, long micros) throws IOException {
		String head = StandardCharsets.ISO_8859_1.decode(bytes.slice(0, Math.min(LONGEST_HEAD, bytes.limit())))
			.toString();
		Matcher matcher = HEAD.matcher(head);
		if (!matcher.lookingAt()) {
			if (head.length() == LONGEST_HEAD
					|| !"HTTP/1.1 200".startsWith(head.substring(0, Math.min(12, head.length())))) {
				throw new IOException("No such response was expected: " + head);
			}
			return 0;
		}
		int length = matcher.end() + Integer.parseInt(matcher.group(1));
		if (bytes.limit() < length) {
			return 0;
		}
		this.responses.record(micros - this.sentMicros);
		send(this.channel);
		return length;
	}

	private void send(SocketChannel channel) throws IOException {
		this.sentMicros = Message.micros();
		channel.write(ByteBuffer.wrap(this.request));
	}

}
