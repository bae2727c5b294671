package dev.hellostream.start;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds the known name that a misspelt one was probably meant to be.
 */
final class NearestName {

	private NearestName() {
	}

	/**
	 * Find the name at the smallest edit distance.
	 * @param misspelt the name as it was written
	 * @param names the known names
	 * @return the nearest of them, or empty if it differs in more than one character and
	 * in more than a third of the characters
	 */
	static Optional<String> of(String misspelt, Collection<String> names) {
		return names.stream()
			.min(Comparator.comparingInt((name) -> distance(misspelt, name)))
			.filter((name) -> distance(misspelt, name) <= Math.max(1, misspelt.length() / 3));
	}

	/** Return the number of characters to insert, delete or replace (Levenshtein). */
	private static int distance(String from, String to) {
		int[] row = new int[to.length() + 1];
		for (int j = 0; j <= to.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= from.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = diagonal + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[to.length()];
	}

}
