package dev.hellostream.testing;

import java.util.Random;
import java.util.function.Consumer;

/**
 * Repeats a test with random values. A failure names the seed of its round;
 * {@code -Dtest.seed} repeats this round alone.
 */
public final class Seed {

	private static final String PROPERTY = "test.seed";

	private Seed() {
	}

	/**
	 * Run a test many times.
	 * @param rounds the number of rounds
	 * @param test the test, which has to pass with any random values
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
	 * Create a random text.
	 * @param random the source
	 * @param longest the maximum length
	 * @return any characters, three in four of them special in some format, among them
	 * unpaired surrogates
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
