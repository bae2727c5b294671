package dev.hellostream.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The body of a message: a JSON string of 120 bytes that carries its number and the
 * moment at which it was published.
 *
 * <pre>
 *   "#00001234 0000012345678901 ................................................ …"
 *    number    microseconds since the benchmark began
 * </pre>
 *
 * A watcher finds it in whatever a server wraps around it, without parsing the rest.
 */
final class Message {

	/** How many bytes a body has. */
	static final int LENGTH = 120;

	/** What a body has beside its padding, from the hash on. */
	static final int MARK_LENGTH = 27;

	/** How many bytes may be skipped behind a mark: they are padding. */
	static final int PADDING = LENGTH - MARK_LENGTH - 2;

	private static final String DOTS = ".".repeat(PADDING);

	private static final long HASHES = 0x2323232323232323L;

	private static final long START = System.nanoTime();

	private Message() {
	}

	/**
	 * Make a message that is published now.
	 * @param number its number, of at most eight digits
	 * @return the body
	 */
	static byte[] now(long number) {
		return "\"#%08d %016d %s\"".formatted(number, micros(), DOTS).getBytes(StandardCharsets.US_ASCII);
	}

	/** Messages that are published now, with numbers from the first on. */
	static List<byte[]> now(long first, int count) {
		return LongStream.range(first, first + count).mapToObj(Message::now).toList();
	}

	/** Microseconds since the benchmark began. */
	static long micros() {
		return (System.nanoTime() - START) / 1000;
	}

	/**
	 * Find where the next mark begins.
	 * @param bytes little-endian bytes
	 * @param from where to begin to look
	 * @return the index of its hash, or the limit
	 */
	static int find(ByteBuffer bytes, int from) {
		int at = from;
		int limit = bytes.limit();
		// Eight bytes at a time: whether one of them is a hash.
		for (; at <= limit - 8; at += 8) {
			long difference = bytes.getLong(at) ^ HASHES;
			long zeros = (difference - 0x0101010101010101L) & ~difference & 0x8080808080808080L;
			if (zeros != 0) {
				return at + Long.numberOfTrailingZeros(zeros) / 8;
			}
		}
		while (at < limit && bytes.get(at) != '#') {
			at++;
		}
		return at;
	}

	/** The number of the message whose mark is there. */
	static long number(ByteBuffer bytes, int mark) {
		return eightDigits(bytes.getLong(mark + 1));
	}

	/** When the message whose mark is there was published, in microseconds. */
	static long publishedMicros(ByteBuffer bytes, int mark) {
		return eightDigits(bytes.getLong(mark + 10)) * 100_000_000L + eightDigits(bytes.getLong(mark + 18));
	}

	// Digits, pairs, fours: three multiplications for eight digits.
	private static long eightDigits(long ascii) {
		long digits = ascii - 0x3030303030303030L;
		long pairs = digits * 10 + (digits >>> 8);
		long fours = (pairs & 0x00ff00ff00ff00ffL) * 100 + ((pairs >>> 16) & 0x00ff00ff00ff00ffL);
		return ((fours & 0x0000ffff0000ffffL) * 10_000 + ((fours >>> 32) & 0x0000ffff0000ffffL)) & 0xffffffffL;
	}

}
