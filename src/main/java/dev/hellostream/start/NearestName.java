package dev.hellostream.start;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds what a misspelt name was meant to be.
 */
final class NearestName {

	private NearestName() {
	}

	/**
	 * The name that takes the fewest keystrokes.
	 * @param misspelt what was written
	 * @param names what there is
	 * @return the nearest of them, or nothing if more than a third would have to be
	 * written anew
	 */
	static Optional<String> of(String misspelt, Collection<String> names) {
		return names.stream()
			.min(Comparator.comparingInt((name) -> distance(misspelt, name)))
			.filter((name) -> distance(misspelt, name) <= Math.max(1, misspelt.length() / 3));
	}

	/** How many characters to insert, delete or replace (Levenshtein). */
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
