package dev.hellostream.log;

/**
 * The place where a read begins.
 */
public sealed interface ReadFrom {

	/**
	 * Begin with the first entry that exists.
	 * @return the beginning of the log
	 */
	static ReadFrom first() {
		return new First();
	}

	/**
	 * Begin with the newest entries.
	 * @param count the maximum number of entries, 0 to begin at the end; entries before
	 * the tail are not read
	 * @return the place {@code count} entries before the end
	 */
	static ReadFrom newest(int count) {
		return new Newest(count);
	}

	/**
	 * Continue exactly after an entry. When instances share a log, the position may come
	 * from an instance that has read further: the read waits for it, up to 5 s while the
	 * broker is connected, before it counts as unknown.
	 * @param position the position of the last entry that the reader has seen
	 * @return the place after it
	 */
	static ReadFrom after(Position position) {
		return new After(position);
	}

	/**
	 * The first entry that exists.
	 */
	record First() implements ReadFrom {
	}

	/**
	 * The newest entries.
	 *
	 * @param count the maximum number of entries
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
