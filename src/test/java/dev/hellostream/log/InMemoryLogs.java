package dev.hellostream.log;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.springframework.util.unit.DataSize;

/**
 * Logs in memory, for tests of their readers.
 */
public final class InMemoryLogs {

	private InMemoryLogs() {
	}

	/**
	 * Create a log that keeps a number of entries.
	 * @param maxEntries the number of entries
	 * @return an empty log
	 */
	public static MessageLog bounded(int maxEntries) {
		return create(settings(maxEntries, DataSize.ofMegabytes(64)));
	}

	static MessageLog create(LogSettings settings) {
		return new InMemoryMessageLog(settings, lag());
	}

	/** Create a lag whose meters are not read. */
	public static DeliveryLag lag() {
		return new DeliveryLag(new SimpleMeterRegistry());
	}

	public static LogSettings settings(int maxEntries, DataSize maxBytes) {
		return new LogSettings(LogSettings.Store.MEMORY, maxEntries, maxBytes);
	}

}
