package dev.hellostream.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A server that takes messages and streams them.
 */
interface StreamServer extends Server {

	/**
	 * The path of a live stream.
	 * @return path and query
	 */
	String streamPath();

	/**
	 * Begin to publish messages one by one.
	 * @return a connection to publish over
	 */
	PostPublisher publisher();

	/**
	 * Publish many messages at once, in the quickest way that the server has, and wait
	 * until it has taken them.
	 * @param messages the messages, in order
	 */
	default void publish(List<byte[]> messages) {
		try (PostPublisher publisher = publisher()) {
			messages.forEach(publisher::publish);
			publisher.awaitAnswers();
		}
	}

	/**
	 * The request that opens a live stream.
	 * @param headers further header lines
	 * @return the request's bytes
	 */
	default byte[] subscription(String... headers) {
		StringBuilder request = new StringBuilder("GET " + streamPath() + " HTTP/1.1\r\nHost: 127.0.0.1:"
				+ address().getPort() + "\r\nAccept: text/event-stream\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		return request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
	}

}
