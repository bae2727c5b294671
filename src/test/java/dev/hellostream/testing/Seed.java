package dev.hellostream.testing;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Repeats a test with what chance gives it. A failure names the seed of its round, which
 * {@code -Dtest.seed} repeats alone.
 */
public final class Seed {

	private static final String PROPERTY = "test.seed";

	private Seed() {
	}

	/**
	 * Run a test many times.
	 * @param rounds how many times
	 * @param test what has to be so, whatever is drawn
	 */
	public static void forEach(int rounds, Consumer<Random> test) {
		Long given = Long.getLong(PROPERTY);
		long first = (given != null) ? given : System.nanoTime();
		for (long seed = first; seed < first + ((given != null) ? 1 : rounds); seed++) {
			try {
				test.accept(new Random(seed));
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("With -D%s=%d: %s".formatted(PROPERTY, seed, ex.getMessage()), ex);
			}
		}
	}

	/**
	 * Draw a text.
	 * @param random where from
	 * @param longest its length at most
	 * @return any characters, more often than not those that mean something somewhere,
	 * halves of surrogate pairs among them
	 */
	public static String text(Random random, int longest) {
		String meaning = "\n\r\u0000\t :,;.\"\\{}[]<>&/@%+-=_0aé\u0085\u2028\u2029\u202e\u200b\ufeff\ufffd\ud83d\ude00\u001b";
		StringBuilder text = new StringBuilder();
		int length = random.nextInt(longest + 1);
		while (text.length() < length) {
			text.append((random.nextInt(4) > 0) ? meaning.charAt(random.nextInt(meaning.length()))
					: (char) random.nextInt(0x10000));
		}
		return text.toString();
	}

}
