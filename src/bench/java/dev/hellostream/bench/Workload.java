package dev.hellostream.bench;

/**
 * Something that servers do, and that can be measured.
 */
interface Workload {

	/**
	 * How it is chosen with {@code -Dbench.only}.
	 * @return a word
	 */
	String name();

	/**
	 * Start the servers, let them do it, and end them.
	 * @param rounds the rounds in which they are measured
	 * @return what came of it
	 */
	Section measure(Rounds rounds);

}
