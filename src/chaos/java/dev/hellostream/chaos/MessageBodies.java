package dev.hellostream.chaos;

import java.nio.charset.StandardCharsets;

/**
 * The bodies of the messages of one round: 120 bytes, with a number that is found again.
 *
 * @param round tells the messages of a round from all others
 */
record MessageBodies(String round) {

	private static final int LENGTH = 120;

	/**
	 * The key of a message, which a producer gives it that repeats what may be lost.
	 * @param number the message's number
	 * @return a key that no other message has
	 */
	String key(int number) {
		return this.round + "-" + number;
	}

	byte[] body(int number) {
		String key = key(number);
		return (key + " " + ".".repeat(LENGTH - key.length() - 1)).getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Read a message's number.
	 * @param body its body
	 * @return the number, or -1 if it is of another round
	 */
	int number(String body) {
		String prefix = this.round + "-";
		return body.startsWith(prefix) ? Integer.parseInt(body.substring(prefix.length(), body.indexOf(' '))) : -1;
	}

}
