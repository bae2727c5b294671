package dev.hellostream.log;

import reactor.core.scheduler.Scheduler;

import org.springframework.util.unit.DataSize;

/**
 * Logs in memory for tests of those who read one.
 */
public final class InMemoryLogs {

	private InMemoryLogs() {
	}

	/**
	 * Create a log that keeps few entries.
	 * @param maxEntries how many
	 * @param scheduler where its readers are told
	 * @return an empty log
	 */
	public static MessageLog bounded(int maxEntries, Scheduler scheduler) {
		return new InMemoryMessageLog(settings(maxEntries, DataSize.ofMegabytes(64)), scheduler);
	}

	public static LogSettings settings(int maxEntries, DataSize maxBytes) {
		return new LogSettings(LogSettings.Store.MEMORY, maxEntries, maxBytes);
	}

}
