package dev.hellostream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;

/**
 * Publishes by POST over one connection, so that the order is kept, and without waiting
 * for the answer to one before the next is sent, so that the publisher is not what is
 * measured.
 */
final class PostPublisher implements AutoCloseable {

	private static final int UNANSWERED = 64;

	private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);

	private static final String VERSION = "HTTP/1.1 ";

	private final Semaphore window = new Semaphore(UNANSWERED);

	private final Socket socket;

	private final String head;

	private volatile @Nullable String failure;

	/**
	 * Connect.
	 * @param address the server
	 * @param path where to post
	 * @param contentType the content type of the messages
	 */
	PostPublisher(InetSocketAddress address, String path, String contentType) {
		this.head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + address.getPort() + "\r\nContent-Type: "
				+ contentType + "\r\nContent-Length: ";
		try {
			this.socket = new Socket(address.getAddress(), address.getPort());
			this.socket.setTcpNoDelay(true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		new Thread(this::readAnswers, "publisher").start();
	}

	/**
	 * Publish a message; blocks while too many before it are unanswered.
	 * @param body the message
	 */
	void publish(byte[] body) {
		acquire(1);
		byte[] head = (this.head + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
		byte[] request = new byte[head.length + body.length];
		System.arraycopy(head, 0, request, 0, head.length);
		System.arraycopy(body, 0, request, head.length, body.length);
		try {
			this.socket.getOutputStream().write(request);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Wait until the server has taken everything. */
	void awaitAnswers() {
		acquire(UNANSWERED);
		this.window.release(UNANSWERED);
	}

	private void acquire(int permits) {
		boolean[] acquired = new boolean[1];
		Await.until(ANSWER_LIMIT, () -> {
			acquired[0] = acquired[0] || this.window.tryAcquire(permits);
			return acquired[0] || this.failure != null;
		});
		if (this.failure != null || !acquired[0]) {
			throw new IllegalStateException(
					"Publishing failed: " + ((this.failure != null) ? this.failure : "no answer in " + ANSWER_LIMIT));
		}
	}

	private void readAnswers() {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(this.socket.getInputStream(), StandardCharsets.US_ASCII))) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				// A body that ends without a line feed has the next status in its line.
				int status = line.lastIndexOf(VERSION);
				if (status >= 0) {
					if (line.charAt(status + VERSION.length()) != '2') {
						this.failure = line.substring(status);
					}
					this.window.release();
				}
			}
		}
		catch (IOException ex) {
			if (!this.socket.isClosed()) {
				this.failure = ex.toString();
			}
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
