package dev.hellostream.log;

/**
 * Where reading begins.
 */
public sealed interface ReadFrom {

	/**
	 * Begin with the first entry that is there.
	 * @return the beginning
	 */
	static ReadFrom first() {
		return new First();
	}

	/**
	 * Begin with the newest entries.
	 * @param count how many of them at most, zero for only what is still to come
	 * @return the place {@code count} entries before the end
	 */
	static ReadFrom newest(int count) {
		return new Newest(count);
	}

	/**
	 * Continue exactly after an entry. Where several instances read one log, a position
	 * ahead of this one's end may have been given out by another: it is waited for up to
	 * 5 s before it counts as unknown.
	 * @param position the last entry that the reader has seen
	 * @return the place after it
	 */
	static ReadFrom after(Position position) {
		return new After(position);
	}

	/**
	 * The first entry that is there.
	 */
	record First() implements ReadFrom {
	}

	/**
	 * The newest entries.
	 *
	 * @param count how many of them at most
	 */
	record Newest(int count) implements ReadFrom {

		public Newest {
			if (count < 0) {
				throw new IllegalArgumentException("count must not be negative");
			}
		}

	}

	/**
	 * Exactly after an entry.
	 *
	 * @param position the entry's position
	 */
	record After(Position position) implements ReadFrom {
	}

}
