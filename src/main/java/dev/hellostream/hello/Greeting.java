package dev.hellostream.hello;

/**
 * One line of a run.
 *
 * @param task number of the task that said it, from 1
 * @param line the word that it said
 * @param atMillis milliseconds since the start of the run
 */
record Greeting(int task, String line, double atMillis) {

	@Override
	public String toString() {
		return this.line + " " + this.task;
	}

}
